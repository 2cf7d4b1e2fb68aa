package org.lethe.store;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes files and folders so that a reader finds the old version or the new one, never a part. A
 * second write of one name replaces the first.
 *
 * <p>Every method asks {@link Ownership} immediately before the new version becomes visible.
 */
public sealed interface Publisher permits RenamePublisher, ClosePublisher {

  /** Writes the content of a file. */
  @FunctionalInterface
  interface Content {
    /** Writes to the stream and does not close it. */
    void writeTo(FSDataOutputStream out) throws IOException;
  }

  /**
   * Publishes a file and its parent folders.
   *
   * @param target the file, which may exist
   */
  void file(Path target, Content content) throws IOException;

  /**
   * Publishes a folder in place of an existing one.
   *
   * <p>An object store has no atomic rename of folders. There, the folder is incomplete until its
   * last file exists, and readers need that file first.
   *
   * @param target the folder, which may exist
   */
  void folder(Path target, FolderSource source) throws IOException;

  /** Returns the publisher for the file system of a path. */
  static Publisher of(FileSystem files, Path path) {
    return showsFilesWhenClosed(files, path)
        ? new ClosePublisher(files)
        : new RenamePublisher(files);
  }

  /**
   * Whether a new file appears when its stream is closed, as in object stores. These stores copy
   * files to rename them.
   */
  private static boolean showsFilesWhenClosed(FileSystem files, Path path) {
    try {
      if (files.hasPathCapability(path, CommonPathCapabilities.ABORTABLE_STREAM)) {
        return true;
      }
    } catch (IOException e) {
      // The scheme decides if the file system cannot answer.
    }
    return Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs")
        .contains(files.getUri().getScheme().toLowerCase(Locale.ROOT));
  }
}
