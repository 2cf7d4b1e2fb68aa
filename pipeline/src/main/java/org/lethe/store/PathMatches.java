package org.lethe.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;

/**
 * Finds the files and folders that a user's path means. An existing name is meant literally, also
 * with brackets or other characters of globs. Any other path is a glob: {@code *}, {@code ?},
 * {@code [a-c]}, <code>{a,b}</code>, and a backslash before a literal character.
 *
 * <p>Hadoop's own globs fail in folders with a colon in a file's name.
 */
public final class PathMatches {
  private PathMatches() {}

  /**
   * Returns what exists at the path or matches it, in the order of names; empty if nothing does.
   */
  public static List<FileStatus> find(FileSystem files, Path path) throws IOException {
    Path whole = files.makeQualified(path);
    Optional<FileStatus> literal = status(files, whole);
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    List<FileStatus> found = new ArrayList<>();
    String text = whole.toUri().getPath();
    if (new GlobPattern(text).hasWildcard() || text.contains("\\")) {
      Path root = new Path(whole.toUri().getScheme(), whole.toUri().getAuthority(), "/");
      // Braces with a slash span several levels.
      for (String one : GlobExpander.expand(text)) {
        match(files, root, parts(one), found);
      }
    }
    found.sort(Comparator.comparing(FileStatus::getPath));
    return found;
  }

  private static void match(
      FileSystem files, Path folder, List<String> parts, List<FileStatus> found)
      throws IOException {
    String part = parts.get(0);
    List<String> rest = parts.subList(1, parts.size());
    GlobPattern pattern = new GlobPattern(part);
    if (!pattern.hasWildcard()) {
      Path child = child(folder, part.replaceAll("\\\\(.)", "$1"));
      if (rest.isEmpty()) {
        status(files, child).ifPresent(found::add);
      } else {
        match(files, child, rest, found);
      }
      return;
    }
    for (FileStatus status : children(files, folder)) {
      String name = status.getPath().getName();
      // As in a shell, a wildcard does not match bookkeeping files.
      if (isHidden(name) && !part.startsWith(name.substring(0, 1)) || !pattern.matches(name)) {
        continue;
      }
      if (rest.isEmpty()) {
        found.add(status);
      } else if (status.isDirectory()) {
        match(files, status.getPath(), rest, found);
      }
    }
  }

  /** Splits a path at its slashes. */
  private static List<String> parts(String path) {
    return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
  }

  private static List<FileStatus> children(FileSystem files, Path folder) throws IOException {
    try {
      return FileSystems.list(files, folder);
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private static Optional<FileStatus> status(FileSystem files, Path path) throws IOException {
    try {
      return Optional.of(files.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Returns a path in a folder. The name may contain a colon, which Path takes for a scheme. */
  public static Path child(Path folder, String name) {
    return new Path(folder, new Path(null, null, name));
  }

  /** Whether a name is that of a bookkeeping file: {@code _SUCCESS}, {@code .part-0.crc}. */
  public static boolean isHidden(String name) {
    // Folders of partitions such as _day=1 hold data.
    return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
  }
}
