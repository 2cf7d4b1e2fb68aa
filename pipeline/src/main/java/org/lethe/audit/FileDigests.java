package org.lethe.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.error.EvidenceErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** Digests of files below a run directory, each computed once. */
final class FileDigests {
  private static final String SHA256 = "SHA-256";

  private final RunDirectory directory;
  private final Map<String, String> known = new HashMap<>();

  FileDigests(RunDirectory directory) {
    this.directory = directory;
  }

  boolean exists(String relative) {
    return Documents.exists(directory.fileSystem(), directory.below(relative));
  }

  /**
   * Fails if a file is missing or has another digest.
   *
   * @param namedBy the document that names it
   */
  void require(String relative, String recorded, String namedBy) {
    if (!exists(relative)) {
      throw EvidenceErrors.missing(relative, namedBy);
    }
    Difference.require(relative, SHA256 + " (named by " + namedBy + ")", recorded, of(relative));
  }

  /** Returns the digest of every file below a folder, by its name there. */
  SortedMap<String, String> ofTree(String folder) {
    SortedMap<String, String> digests = new TreeMap<>();
    Digests.filesOfTree(directory.fileSystem(), directory.below(folder))
        .keySet()
        .forEach(name -> digests.put(name, of(folder + "/" + name)));
    return digests;
  }

  private String of(String relative) {
    Path path = directory.below(relative);
    return known.computeIfAbsent(relative, name -> Digests.ofFile(directory.fileSystem(), path));
  }

  /** Number of files with a digest. */
  int count() {
    return known.size();
  }
}
