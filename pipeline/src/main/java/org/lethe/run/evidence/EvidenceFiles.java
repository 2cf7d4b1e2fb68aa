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
    try {
      collect(directory.fileSystem(), directory.root(), "", found);
    } catch (IOException e) {
      throw RunErrors.io("listing", directory.toString(), e);
    }
    return found;
  }

  private static void collect(
      FileSystem files, Path folder, String prefix, SortedMap<String, String> found)
      throws IOException {
    for (FileStatus status : files.listStatus(folder)) {
      Path path = status.getPath();
      String name = path.getName();
      if (name.startsWith(".") || name.startsWith("_")) {
        continue;
      }
      if (status.isDirectory()) {
        if (prefix.isEmpty() && name.equals(REQUESTS)) {
          records(files, path, found);
        } else if (!LEFT_OUT.contains(name)) {
          collect(files, path, prefix + name + "/", found);
        }
      } else if (NAMES.contains(name) || prefix.endsWith("metrics/")) {
        found.put(prefix + name, Digests.ofFile(files, path));
      }
    }
  }

  private static void records(FileSystem files, Path requests, SortedMap<String, String> found)
      throws IOException {
    for (FileStatus request : files.listStatus(requests)) {
      Path record = new Path(request.getPath(), "record.json");
      if (files.exists(record)) {
        found.put(
            REQUESTS + "/" + request.getPath().getName() + "/record.json",
            Digests.ofFile(files, record));
      }
    }
  }
}
