package org.lethe.run;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;

/** Lists the files of a run directory. */
public final class RunFiles {
  private RunFiles() {}

  /**
   * Returns the files by path relative to the run directory.
   *
   * @param entered whether to list the folder at a relative path, such as {@code requests/}
   * @throws org.lethe.error.LetheException if the store cannot list a folder
   */
  public static SortedMap<String, Path> of(RunDirectory directory, Predicate<String> entered) {
    SortedMap<String, Path> found = new TreeMap<>();
    try {
      collect(directory.fileSystem(), directory.root(), "", entered, found);
    } catch (IOException e) {
      throw RunErrors.io("listing", directory.toString(), e);
    }
    return found;
  }

  private static void collect(
      FileSystem files,
      Path folder,
      String prefix,
      Predicate<String> entered,
      SortedMap<String, Path> found)
      throws IOException {
    for (FileStatus status : files.listStatus(folder)) {
      String path = prefix + status.getPath().getName();
      if (status.isFile()) {
        found.put(path, status.getPath());
      } else if (entered.test(path + "/")) {
        collect(files, status.getPath(), path + "/", entered, found);
      }
    }
  }
}
