package org.lethe.corpus.benchmark;

import java.net.URI;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.benchmark.BenchmarkItem;

/** The sequences that a benchmark evaluates, read from the files that its authors publish. */
public interface BenchmarkItems {
  /**
   * Returns every sequence to score.
   *
   * @throws org.lethe.error.LetheException INPUT if a file is missing or does not match its schema
   *     in data-schemas; the message names the source of the file
   */
  List<BenchmarkItem> items(Configuration hadoop);

  /**
   * Returns the files that {@link #items} reads, for digests.
   *
   * @throws org.lethe.error.LetheException INPUT if a file that lists them is missing
   */
  List<URI> files(Configuration hadoop);

  /** Sets that need losses only, no generated text. */
  List<String> unanswered();
}
