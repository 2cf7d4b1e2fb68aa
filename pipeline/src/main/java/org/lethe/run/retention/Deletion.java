package org.lethe.run.retention;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.PhaseHook;
import org.lethe.run.RunDirectory;

/**
 * {@code deletion.json}: the files with text that retention deleted after the decision. It is
 * written before the first of them is deleted, so an interrupted deletion can be finished.
 *
 * @param format version of this document
 * @param runId the run
 * @param record SHA-256 of record.json at that time
 * @param time of the deletion, ISO 8601
 * @param retention as configured
 * @param files SHA-256 of every deleted file, by path relative to the run directory
 */
public record Deletion(
    int format,
    String runId,
    String record,
    String time,
    String retention,
    SortedMap<String, String> files) {
  public static final int FORMAT = 1;

  /** Name of the document. */
  public static final String FILE = "deletion.json";

  public Deletion {
    files =
        Collections.unmodifiableSortedMap(files == null ? new TreeMap<>() : new TreeMap<>(files));
  }

  /** The deletion of a run; empty if there was none. */
  public static Optional<Deletion> read(RunDirectory directory) {
    Path file = directory.below(FILE);
    return Documents.exists(directory.fileSystem(), file)
        ? Optional.of(Documents.read(directory.fileSystem(), file, Deletion.class))
        : Optional.empty();
  }

  /**
   * Deletes the text of a decided run if its retention says so by now.
   *
   * @return the number of deleted files; 0 if the deletion is not due or the run is undecided
   */
  public static int whenDue(RunDirectory directory, Instant now) {
    if (!Documents.exists(directory.fileSystem(), directory.record())) {
      return 0;
    }
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    Retention retention = Retention.of(record);
    if (retention.due(record).filter(due -> !now.isBefore(due)).isEmpty()) {
      return 0;
    }
    if (read(directory).isEmpty()) {
      SortedMap<String, String> files = new TreeMap<>();
      TextFiles.of(directory)
          .keySet()
          .forEach(
              name ->
                  files.put(name, Digests.ofFile(directory.fileSystem(), directory.below(name))));
      Documents.write(
          directory.fileSystem(),
          directory.below(FILE),
          new Deletion(
              FORMAT,
              record.runId(),
              Digests.ofFile(directory.fileSystem(), directory.record()),
              now.truncatedTo(ChronoUnit.SECONDS).toString(),
              retention.text(),
              files));
    }
    return finish(directory);
  }

  /** Deletes the files that an interrupted deletion left; returns the number of files in all. */
  public static int finish(RunDirectory directory) {
    PhaseHook.reached("retention:before-deletion");
    SortedMap<String, String> files = read(directory).map(Deletion::files).orElse(new TreeMap<>());
    for (String name : files.keySet()) {
      Path file = directory.below(name);
      Documents.delete(directory.fileSystem(), file);
      // Hadoop's local file system keeps a checksum beside a file.
      Documents.delete(
          directory.fileSystem(), new Path(file.getParent(), "." + file.getName() + ".crc"));
    }
    return files.size();
  }
}
