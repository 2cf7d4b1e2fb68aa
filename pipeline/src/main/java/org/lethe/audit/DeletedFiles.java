package org.lethe.audit;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.lethe.error.EvidenceErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.lethe.run.evidence.RecordStore;
import org.lethe.run.retention.Deletion;
import org.lethe.run.retention.Retention;
import org.lethe.run.retention.TextFiles;

/** The files with text that retention deleted, as deletion.json names them. */
public final class DeletedFiles {
  private final RunDirectory directory;
  private final Optional<Deletion> deletion;
  private final Map<String, String> digests = new HashMap<>();

  public DeletedFiles(RunDirectory directory, ErasureRecord record) {
    this.directory = directory;
    this.deletion = Deletion.read(directory);
    // Records of older versions name the files themselves.
    record.evidence().deleted().forEach(file -> digests.put(file, ""));
    deletion.ifPresent(found -> digests.putAll(found.files()));
  }

  /** Whether retention deleted a file. */
  public boolean contains(String file) {
    return digests.containsKey(file)
        && !Documents.exists(directory.fileSystem(), directory.below(file));
  }

  /** Fails if a deleted file had another digest than a document names. */
  void require(String file, String recorded, String namedBy) {
    String digest = digests.getOrDefault(file, "");
    if (!digest.isEmpty()) {
      Difference.require(
          Deletion.FILE, "files." + file + " (named by " + namedBy + ")", digest, recorded);
    }
  }

  /**
   * Fails if a deletion is not that of the record's retention, was not due, concerns other files
   * than those with text, or was not finished.
   */
  void check(ErasureRecord record) {
    // Only records of versions without the key name deleted files.
    if (!record.evidence().deleted().isEmpty()) {
      Difference.require(
          "record.json",
          "evidence.deleted beside the key " + Retention.KEY,
          false,
          record.configuration().containsKey(Retention.KEY));
    }
    for (String file : digests.keySet()) {
      Difference.require(
          deletion.isPresent() ? Deletion.FILE : "record.json",
          "holding of text by " + file,
          true,
          TextFiles.holdsText(file));
    }
    deletion.ifPresent(
        found -> {
          Difference.require(
              Deletion.FILE, "retention", found.retention(), Retention.of(record).text());
          Difference.require(Deletion.FILE, "run_id", found.runId(), record.runId());
          due(found);
          found
              .files()
              .keySet()
              .forEach(
                  file ->
                      Difference.require(
                          Deletion.FILE,
                          "existence of " + file,
                          false,
                          Documents.exists(directory.fileSystem(), directory.below(file))));
        });
  }

  /** The retention of the record that the deletion names said so by then. */
  private void due(Deletion found) {
    Optional<Instant> due =
        decision(found.record()).flatMap(decided -> Retention.of(decided).due(decided));
    String time = due.map(Instant::toString).orElse("never, by the record that it names");
    boolean early =
        due.isEmpty()
            || ProgramCheck.instant(Deletion.FILE, "time", found.time()).isBefore(due.get());
    if (early) {
      throw EvidenceErrors.differs(
          Deletion.FILE, "time", "a time that is not before " + time, found.time());
    }
  }

  /** The record with a digest; empty if the run has none. */
  private Optional<ErasureRecord> decision(String digest) {
    for (int number = 1; number <= new RecordStore(directory).count(); number++) {
      Path file = directory.below(RecordStore.path(number));
      if (Digests.ofFile(directory.fileSystem(), file).equals(digest)) {
        return Optional.of(Documents.read(directory.fileSystem(), file, ErasureRecord.class));
      }
    }
    return Optional.empty();
  }

  /** The deletion in words; empty if there was none. */
  Optional<String> words() {
    return deletion.map(
        found ->
            found.files().size()
                + " files with text by retention ("
                + found.retention()
                + ") on "
                + found.time()
                + "; their rows can no longer be computed again");
  }
}
