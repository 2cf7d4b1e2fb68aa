package org.lethe.corpus;

import java.net.URI;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.BenchmarkItem;

/** What a benchmark evaluates, from the files that its authors publish. */
public interface BenchmarkItems {
  /**
   * Every sequence to be scored.
   *
   * @throws org.lethe.error.LetheException INPUT if a file is missing or is not what its schema in
   *     data-schemas says, with where to get it
   */
  List<BenchmarkItem> items(Configuration hadoop);

  /**
   * The files that are read, for digests.
   *
   * @throws org.lethe.error.LetheException INPUT if what names them is missing
   */
  List<URI> files(Configuration hadoop);

  /** Sets of which only losses are needed, no text. */
  List<String> unanswered();
}
