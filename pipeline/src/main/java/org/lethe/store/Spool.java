package org.lethe.store;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.FSDataOutputStream;

/**
 * Content on the local disk until it is complete. Its file has no name, so a killed process leaves
 * nothing behind.
 */
final class Spool implements Closeable {
  private final FileChannel channel;

  private Spool(FileChannel channel) {
    this.channel = channel;
  }

  static Spool open() throws IOException {
    Path file = Files.createTempFile("lethe-", ".part");
    try {
      return new Spool(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } finally {
      Files.delete(file);
    }
  }

  void fill(Publisher.Content content) throws IOException {
    OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(channel));
    FSDataOutputStream out = new FSDataOutputStream(buffered, null);
    content.writeTo(out);
    out.flush();
  }

  void copyTo(OutputStream out) throws IOException {
    channel.position(0);
    Channels.newInputStream(channel).transferTo(out);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
