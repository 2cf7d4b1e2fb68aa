package org.lethe.store;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.LetheException;
import org.lethe.error.PlatformErrors;

/** Opens the file systems of paths. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * Returns the file system of a path, without Hadoop's {@code .crc} files on a local disk. A model
   * directory must contain only the files that Hugging Face expects, and Lethe keeps its own
   * digests.
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    FileSystem found = open(path, hadoop);
    return found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
  }

  /**
   * Returns the entries of a folder, each once. ABFS can list a folder twice, by its marker and by
   * its files.
   */
  public static List<FileStatus> list(FileSystem files, Path folder) throws IOException {
    Map<Path, FileStatus> found = new LinkedHashMap<>();
    for (FileStatus status : files.listStatus(folder)) {
      found.putIfAbsent(status.getPath(), status);
    }
    return List.copyOf(found.values());
  }

  /**
   * Opens the file system. Hadoop throws one of several exceptions if its jar is missing.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the jar is missing
   */
  private static FileSystem open(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (IOException | RuntimeException e) {
      Optional<LetheException> missing = PlatformErrors.missingFileSystem(path.toString(), e);
      if (missing.isPresent()) {
        throw missing.get();
      }
      throw e;
    }
  }
}
