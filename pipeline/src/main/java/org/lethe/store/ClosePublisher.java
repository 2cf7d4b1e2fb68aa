package org.lethe.store;

import java.io.IOException;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Publishes on object stores: a file appears, or replaces the old one, when its stream is closed.
 * Nothing is renamed, because these stores copy to rename.
 *
 * @param files the file system
 */
record ClosePublisher(FileSystem files) implements Publisher {

  @Override
  public void file(Path target, Content content) throws IOException {
    if (canAbort(target)) {
      stream(target, content);
    } else {
      spool(target, content);
    }
  }

  private boolean canAbort(Path target) {
    try {
      return files.hasPathCapability(target, CommonPathCapabilities.ABORTABLE_STREAM);
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes to the store at once. A failure aborts the stream, so the old file stays. */
  private void stream(Path target, Content content) throws IOException {
    FSDataOutputStream out = files.create(target, true);
    boolean complete = false;
    try {
      content.writeTo(out);
      Ownership.check(target);
      complete = true;
    } finally {
      if (!complete) {
        out.abort();
      }
    }
    out.close();
  }

  /**
   * Opens the store's stream when the content is complete. Without abort, as on GCS, closing a
   * stream publishes the part that was written, so a stream that fails stays open.
   */
  private void spool(Path target, Content content) throws IOException {
    try (Spool spool = Spool.open()) {
      spool.fill(content);
      Ownership.check(target);
      FSDataOutputStream out = files.create(target, true);
      spool.copyTo(out);
      out.close();
    }
  }

  @Override
  public void folder(Path target, FolderSource source) throws IOException {
    Ownership.check(target);
    int last = source.names().size() - 1;
    if (last >= 0) {
      // Readers need the last file first, so the old folder becomes unreadable at once.
      files.delete(new Path(target, source.names().get(last)), false);
    }
    files.delete(target, true);
    files.mkdirs(target);
    for (int i = 0; i <= last; i++) {
      if (i == last) {
        source.beforeLast().run();
      }
      file(new Path(target, source.names().get(i)), source.content(source.names().get(i)));
    }
  }
}
