package org.lethe.store;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Publishes on file systems with a rename: writes beside the target, syncs, and renames.
 *
 * <p>Local disks and HDFS replace a file in one step. Elsewhere the old file is deleted first, and
 * a reader may find none for a moment.
 *
 * @param files the file system
 */
record RenamePublisher(FileSystem files) implements Publisher {

  @Override
  public void file(Path target, Content content) throws IOException {
    // Two attempts of one task may write at once.
    Path aside = beside(target, UUID.randomUUID() + ".aside");
    files.mkdirs(target.getParent());
    try {
      try (FSDataOutputStream out = files.create(aside, true)) {
        content.writeTo(out);
        if (out.hasCapability(StreamCapabilities.HSYNC)) {
          out.hsync();
        }
      }
      Ownership.check(target);
      replace(aside, target);
    } catch (IOException | RuntimeException | FSError e) {
      deleteAfter(e, aside);
      throw e;
    }
  }

  @Override
  public void folder(Path target, FolderSource source) throws IOException {
    Path aside = beside(target, "aside");
    try {
      // An interrupted attempt may have left it.
      files.delete(aside, true);
      files.mkdirs(aside);
      for (String name : source.names()) {
        Path file = new Path(aside, name);
        files.mkdirs(file.getParent());
        try (FSDataOutputStream out = files.create(file, true)) {
          source.content(name).writeTo(out);
          if (out.hasCapability(StreamCapabilities.HSYNC)) {
            out.hsync();
          }
        }
      }
      source.beforeLast().run();
      Ownership.check(target);
      replaceFolder(aside, target);
    } catch (IOException | RuntimeException | FSError e) {
      deleteAfter(e, aside);
      throw e;
    }
  }

  /** The old folder keeps another name until the new one has its place. */
  private void replaceFolder(Path aside, Path target) throws IOException {
    if (!files.exists(target)) {
      rename(aside, target);
      return;
    }
    Path old = beside(target, "old");
    files.delete(old, true);
    rename(target, old);
    try {
      rename(aside, target);
    } catch (IOException e) {
      rename(old, target);
      throw e;
    }
    files.delete(old, true);
  }

  private void replace(Path aside, Path target) throws IOException {
    if (files.getUri().getScheme().equals("file")) {
      rename(aside, target);
      // An earlier writer with checksums may have left one, which would not match.
      files.delete(new Path(target.getParent(), "." + target.getName() + ".crc"), false);
      return;
    }
    try {
      FileContext.getFileContext(files.getUri(), files.getConf())
          .rename(
              files.makeQualified(aside), files.makeQualified(target), Options.Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) {
      files.delete(target, false);
      rename(aside, target);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("rename of " + from.getName() + " to " + to.getName() + " was refused");
    }
  }

  private void deleteAfter(Throwable failure, Path aside) {
    try {
      files.delete(aside, true);
    } catch (IOException | FSError e) {
      failure.addSuppressed(e);
    }
  }

  private static Path beside(Path target, String kind) {
    return new Path(target.getParent(), "." + target.getName() + "." + kind);
  }
}
