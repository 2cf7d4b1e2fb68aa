package org.lethe.store;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Publishes on object stores: a file appears, or replaces the old one, when its stream is closed.
 * Nothing is renamed, because these stores copy to rename.
 *
 * @param files the file system
 */
record ClosePublisher(FileSystem files) implements Publisher {

  @Override
  public void file(Path target, Content content) throws IOException {
    FSDataOutputStream out = files.create(target, true);
    boolean complete = false;
    try {
      content.writeTo(out);
      Ownership.check(target);
      complete = true;
    } finally {
      if (!complete) {
        abandon(out, target);
      }
    }
    out.close();
  }

  /** Ends a stream whose content is incomplete. */
  private void abandon(FSDataOutputStream out, Path target) throws IOException {
    if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
      out.abort();
      return;
    }
    // Without abort, closing publishes the part that was written.
    out.close();
    files.delete(target, false);
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
