package org.lethe.run.evidence;

import java.io.IOException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunFiles;
import org.lethe.run.StageManifest;

/**
 * The files of a run directory that a record names by digest: run.json, every stage manifest, every
 * evaluation's rows and summary, and the metrics. The manifests in turn name shards, revealed text
 * and models. Requests have records of their own, so of them it names these records only.
 */
public final class EvidenceFiles {
  private static final Set<String> NAMES =
      Set.of("run.json", StageManifest.FILE, "rows.parquet", "summary.json", "iterations.json");

  /** Folders with states that a later round replaces, and those that a record names itself. */
  private static final Set<String> LEFT_OUT =
      Set.of("rounds", RecordStore.FOLDER, "model.refused", "parts");

  private static final String REQUESTS = "requests";

  private EvidenceFiles() {}

  /** Returns the digests of the files by path relative to the run directory. */
  public static SortedMap<String, String> of(RunDirectory directory) {
    SortedMap<String, String> found = new TreeMap<>();
    FileSystem files = directory.fileSystem();
    existing(directory).forEach((name, file) -> found.put(name, Digests.ofFile(files, file)));
    return found;
  }

  /** Returns the paths of the files relative to the run directory. */
  public static Set<String> names(RunDirectory directory) {
    return existing(directory).keySet();
  }

  private static SortedMap<String, Path> existing(RunDirectory directory) {
    SortedMap<String, Path> found = new TreeMap<>();
    RunFiles.of(directory, EvidenceFiles::enters)
        .forEach(
            (name, file) -> {
              if (isNamed(name)) {
                found.put(name, file);
              }
            });
    try {
      FileSystem files = directory.fileSystem();
      Path requests = directory.below(REQUESTS);
      if (files.exists(requests)) {
        records(files, requests, found);
      }
    } catch (IOException e) {
      throw RunErrors.io("listing", directory.toString(), e);
    }
    return found;
  }

  /** Whether the folder at this relative path holds files that a record names. */
  private static boolean enters(String folder) {
    String name = name(folder.substring(0, folder.length() - 1));
    return !isHidden(name) && !LEFT_OUT.contains(name) && !folder.equals(REQUESTS + "/");
  }

  private static boolean isNamed(String path) {
    String name = name(path);
    String folder = path.substring(0, path.length() - name.length());
    return NAMES.contains(name) || (folder.endsWith("metrics/") && !isHidden(name));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static void records(FileSystem files, Path requests, SortedMap<String, Path> found)
      throws IOException {
    for (FileStatus request : files.listStatus(requests)) {
      Path record = new Path(request.getPath(), "record.json");
      if (files.exists(record)) {
        found.put(REQUESTS + "/" + request.getPath().getName() + "/record.json", record);
      }
    }
  }
}
