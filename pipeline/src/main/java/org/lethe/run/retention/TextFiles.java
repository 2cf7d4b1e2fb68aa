package org.lethe.run.retention;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunFiles;

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
              "rows of tables", below("tables/[^/]+/[^_/]+\\.parquet"),
              "made-up corpora", below("quickstart/corpus/.*")));

  private static final String REQUESTS = "requests/";

  private TextFiles() {}

  private static Pattern below(String path) {
    return Pattern.compile("(.*/)?" + path);
  }

  /** Paths relative to the run directory, with the kind of text that each holds. */
  public static SortedMap<String, String> of(RunDirectory directory) {
    SortedMap<String, String> found = new TreeMap<>();
    RunFiles.of(directory, folder -> !folder.equals(REQUESTS))
        .keySet()
        .forEach(path -> kind(path).ifPresent(kind -> found.put(path, kind)));
    return found;
  }

  /** Whether the file at a path relative to the run directory is one that holds text. */
  public static boolean holdsText(String path) {
    return kind(path).isPresent();
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
