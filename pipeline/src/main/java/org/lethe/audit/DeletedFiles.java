package org.lethe.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.lethe.run.retention.Deletion;
import org.lethe.run.retention.Retention;

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

  /** Fails if the deletion is not that of the record's retention, or was not finished. */
  void check(ErasureRecord record) {
    deletion.ifPresent(
        found -> {
          Difference.require(
              Deletion.FILE, "retention", found.retention(), Retention.of(record).text());
          Difference.require(Deletion.FILE, "run_id", found.runId(), record.runId());
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
