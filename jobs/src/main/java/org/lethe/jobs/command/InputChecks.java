package org.lethe.jobs.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.InputFiles;
import org.lethe.corpus.shard.ShardSettings;
import org.lethe.corpus.table.TableName;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.RevealedData;
import org.lethe.jobs.config.RunPlan;
import org.lethe.run.evidence.Keys;
import org.lethe.store.FileSystems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks for a dry run that the inputs of plans exist and can be read. Reads no rows. */
final class InputChecks {
  private static final Logger LOG = LoggerFactory.getLogger(InputChecks.class);
  private static final String MODEL = "config.json";
  private static final String ADAPTER = "adapter_config.json";

  private final Configuration hadoop;

  /** By message, since several plans may name one file. */
  private final Map<String, LetheException> problems = new LinkedHashMap<>();

  private InputChecks(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * Checks models, adapters, corpora and topic cards of plans, which may share some.
   *
   * @throws LetheException of the first problem's class, with all problems
   */
  static void check(List<RunPlan> plans, Configuration hadoop) {
    InputChecks checks = new InputChecks(hadoop);
    plans.forEach(checks::plan);
    checks.done();
  }

  /** Checks corpora and topic cards alone. */
  static void checkFiles(List<URI> uris, Configuration hadoop) {
    InputChecks checks = new InputChecks(hadoop);
    checks.files(uris);
    checks.done();
  }

  private void plan(RunPlan plan) {
    directory(plan.model().uri(), MODEL);
    plan.model().adapter().ifPresent(adapter -> directory(adapter.uri(), ADAPTER));
    plan.attack()
        .flatMap(RunPlan.Attack::retrained)
        .ifPresent(retrained -> directory(retrained, MODEL));
    plan.release()
        .flatMap(release -> release.signing().key())
        .ifPresent(key -> tried(() -> Keys.signer(key)));
    if (plan.revealed().isPresent()) {
      RevealedData data = plan.revealed().get();
      Stream.of(data.cards(), data.userRetain(), data.truth().forget(), data.truth().retain())
          .forEach(this::files);
    } else if (plan.shard().isPresent()) {
      ShardSettings shard = plan.shard().get();
      Stream.of(shard.forget(), shard.retain(), shard.exclude()).forEach(this::files);
    }
    plan.unseen().map(RunPlan.Unseen::files).ifPresent(this::files);
  }

  private void done() {
    if (!problems.isEmpty()) {
      throw RunErrors.unusableInputs(List.copyOf(problems.values()));
    }
  }

  private void directory(URI uri, String file) {
    tried(() -> open(new Path(new Path(uri), file)));
  }

  /** Lists folders and globs as the shard stage does, and opens each file. */
  private void files(List<URI> uris) {
    FieldNames names = new FieldNames("id", "input", "output", "task");
    for (URI uri : uris) {
      if (TableName.of(uri).isPresent()) {
        // Only Spark with the user's jars can open it.
        continue;
      }
      tried(
          () ->
              new InputFiles(hadoop, names, Long.MAX_VALUE)
                  .list(List.of(uri))
                  .files()
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
      problems.putIfAbsent(e.getMessage(), e);
    }
  }
}
