package org.lethe.jobs.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.InputFiles;
import org.lethe.corpus.shard.ShardSettings;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.RevealedData;
import org.lethe.jobs.config.RunPlan;
import org.lethe.store.FileSystems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks for a dry run that the inputs of a plan exist and can be read. Reads no rows. */
final class InputChecks {
  private static final Logger LOG = LoggerFactory.getLogger(InputChecks.class);
  private static final String CONFIG = "config.json";

  private final Configuration hadoop;
  private final List<LetheException> problems = new ArrayList<>();

  InputChecks(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * Checks model, corpora and topic cards.
   *
   * @throws LetheException of the first problem's class, with all problems
   */
  void check(RunPlan plan) {
    tried(() -> open(new Path(new Path(plan.model().uri()), CONFIG)));
    if (plan.revealed().isPresent()) {
      RevealedData data = plan.revealed().get();
      Stream.of(data.cards(), data.userRetain(), data.truth().forget(), data.truth().retain())
          .forEach(this::files);
    } else if (plan.shard().isPresent()) {
      ShardSettings shard = plan.shard().get();
      Stream.of(shard.forget(), shard.retain(), shard.exclude()).forEach(this::files);
    }
    if (!problems.isEmpty()) {
      throw RunErrors.unusableInputs(problems);
    }
  }

  /** Lists folders and globs as the shard stage does, and opens each file. */
  private void files(List<URI> uris) {
    FieldNames names = new FieldNames("id", "input", "output", "task");
    for (URI uri : uris) {
      tried(
          () ->
              new InputFiles(hadoop, names, Long.MAX_VALUE)
                  .list(List.of(uri))
                  .forEach(status -> open(status.getPath())));
    }
  }

  private void open(Path file) {
    try (InputStream in = FileSystems.of(file, hadoop).open(file)) {
      if (in.read() < 0) {
        LOG.info("{} is empty", file);
      }
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private void tried(Runnable check) {
    try {
      check.run();
    } catch (LetheException e) {
      problems.add(e);
    }
  }
}
