package org.lethe.run.retention;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.lethe.run.RunDirectory;

/**
 * The files of a run directory that hold text of the corpora or of the model, see
 * data-schemas/FORMAT.md. The runs of several requests have files and deletions of their own.
 */
public final class TextFiles {
  /** Folders with text, in the run or in a run inside it, such as iterations/02. */
  private static final Map<String, Pattern> FOLDERS =
      new TreeMap<>(
          Map.of(
              "shards", below("shards/(forget|retain|quarantine|alternatives)/.*"),
              "found rows", below("found/rows/.*"),
              "revealed text", below("revealed/.*\\.parquet"),
              "evaluated rows", below("evaluation/[^/]+/(parts/.*|[^/]+\\.parquet)"),
              "made-up corpora", below("quickstart/corpus/.*")));

  private static final String REQUESTS = "requests";

  private TextFiles() {}

  private static Pattern below(String path) {
    return Pattern.compile("(.*/)?" + path);
  }

  /** Paths relative to the run directory, with the kind of text that each holds. */
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
      String name = status.getPath().getName();
      if (status.isDirectory()) {
        if (!prefix.isEmpty() || !name.equals(REQUESTS)) {
          collect(files, status.getPath(), prefix + name + "/", found);
        }
      } else {
        String path = prefix + name;
        kind(path).ifPresent(kind -> found.put(path, kind));
      }
    }
  }

  private static Optional<String> kind(String path) {
    List<String> kinds =
        FOLDERS.entrySet().stream()
            .filter(folder -> folder.getValue().matcher(path).matches())
            .map(Map.Entry::getKey)
            .toList();
    return kinds.stream().findFirst();
  }
}
