package org.lethe.jobs.lineage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.lethe.error.ExitClass;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the OpenLineage events of one command to a file, one JSON object a line. A file that
 * cannot be written gives a warning: lineage never fails a run.
 */
public final class Lineage {
  private static final Logger LOG = LoggerFactory.getLogger(Lineage.class);

  /** Commands that end with a decision. */
  private static final Set<String> DECIDING =
      Set.of("pipeline", "attack", "release", "erase", "quickstart");

  private final Path file;
  private final LineageRun run;

  private Lineage(Path file, LineageRun run) {
    this.file = file;
    this.run = run;
  }

  /** Begins the events of a command with START. */
  public static Lineage begin(Path file, LineageRun run) {
    Lineage lineage = new Lineage(file, run);
    lineage.write(LineageEvent.of("START", run, Instant.now()));
    return lineage;
  }

  /** Reports that a stage begins. */
  public void running(String stage) {
    write(LineageEvent.of("RUNNING", run, Instant.now()).stage(stage));
  }

  /**
   * Ends the events, with digests and the decision from the record if this command wrote one.
   *
   * @param message of the outcome
   */
  public void end(RunDirectory directory, ExitClass exitClass, String message) {
    String type =
        switch (exitClass) {
          case SUCCESS -> "COMPLETE";
          case INTERRUPTED -> "ABORT";
          default -> "FAIL";
        };
    LineageEvent event = LineageEvent.of(type, run, Instant.now());
    if (DECIDING.contains(run.command())) {
      record(directory)
          .filter(record -> exitClass == ExitClass.SUCCESS || isNew(record))
          .ifPresent(record -> event.record(record, directory));
    }
    write(exitClass == ExitClass.SUCCESS ? event : event.failure(exitClass, message));
  }

  private static Optional<ErasureRecord> record(RunDirectory directory) {
    return Documents.exists(directory.fileSystem(), directory.record())
        ? Optional.of(
            Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class))
        : Optional.empty();
  }

  /** Whether this command wrote the record, since a failure may leave an earlier one. */
  private boolean isNew(ErasureRecord record) {
    return !Instant.parse(record.created()).isBefore(run.started().truncatedTo(ChronoUnit.SECONDS));
  }

  private void write(LineageEvent event) {
    try {
      Files.writeString(
          file,
          event.json() + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn("Cannot write lineage to {}: {}", file, e.getClass().getSimpleName());
    }
  }
}
