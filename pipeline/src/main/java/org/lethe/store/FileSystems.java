package org.lethe.store;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Opens the file systems of paths. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * Returns the file system of a path, without Hadoop's {@code .crc} files on a local disk. A model
   * directory must contain only the files that Hugging Face expects, and Lethe keeps its own
   * digests.
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    FileSystem found = path.getFileSystem(hadoop);
    return found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
  }
}
