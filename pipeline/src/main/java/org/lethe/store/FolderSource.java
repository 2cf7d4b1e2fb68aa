package org.lethe.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a folder that is to be published, in the order in which they are written.
 *
 * @param files file system of the folder
 * @param folder the folder
 * @param names relative names; the folder counts as complete with the last one
 * @param beforeLast runs before the new folder is complete; tests stop there
 */
public record FolderSource(FileSystem files, Path folder, List<String> names, Runnable beforeLast) {
  private static final int BUFFER = 1 << 18;

  public FolderSource {
    names = List.copyOf(names);
  }

  /**
   * Returns the files below a folder.
   *
   * @param accepted selects files and folders by their own name
   * @param last names that are written after all others
   * @param beforeLast runs before the new folder is complete
   */
  public static FolderSource of(
      FileSystem files,
      Path folder,
      Predicate<String> accepted,
      Set<String> last,
      Runnable beforeLast)
      throws IOException {
    List<String> names = new ArrayList<>();
    collect(files, folder, "", accepted, names);
    names.sort(
        Comparator.<String>comparingInt(name -> last.contains(name) ? 1 : 0)
            .thenComparing(Comparator.naturalOrder()));
    return new FolderSource(files, folder, names, beforeLast);
  }

  private static void collect(
      FileSystem files, Path folder, String prefix, Predicate<String> accepted, List<String> names)
      throws IOException {
    for (FileStatus status : FileSystems.list(files, folder)) {
      String name = status.getPath().getName();
      if (!accepted.test(name)) {
        continue;
      }
      if (status.isDirectory()) {
        collect(files, status.getPath(), prefix + name + "/", accepted, names);
      } else {
        names.add(prefix + name);
      }
    }
  }

  /** Sum of the files' sizes. */
  long bytes() throws IOException {
    long bytes = 0;
    for (String name : names) {
      bytes += files.getFileStatus(new Path(folder, name)).getLen();
    }
    return bytes;
  }

  /** Returns the content of one file. */
  Publisher.Content content(String name) {
    return out -> {
      try (InputStream in = files.open(new Path(folder, name))) {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          out.write(buffer, 0, n);
        }
      }
    };
  }
}
