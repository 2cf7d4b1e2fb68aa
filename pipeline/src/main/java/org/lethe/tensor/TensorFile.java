package org.lethe.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.lethe.error.SafetensorsErrors;

/**
 * A file of any size, read in chunks. It stays open, so a file that is replaced under its name does
 * not change what is read. Java closes it when nothing refers to it any more.
 *
 * <p>The file is not mapped: mapped pages count as memory of the process beside their copies, and a
 * file that shrinks would end the process.
 */
final class TensorFile {
  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final int chunkBytes;

  private TensorFile(Path path, FileChannel channel, int chunkBytes) throws IOException {
    this.path = path;
    this.channel = channel;
    this.chunkBytes = chunkBytes;
    size = channel.size();
  }

  /**
   * Opens a file.
   *
   * @param chunkBytes most bytes of one chunk, at least 8
   */
  static TensorFile open(Path file, int chunkBytes) throws IOException {
    return new TensorFile(file, FileChannel.open(file, StandardOpenOption.READ), chunkBytes);
  }

  long size() {
    return size;
  }

  /** Returns little-endian whole elements from a position on, as many as one chunk contains. */
  ByteBuffer slice(long position, long bytes, int elementBytes) {
    int most = chunkBytes / elementBytes * elementBytes;
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(bytes, most));
    try {
      while (chunk.hasRemaining()) {
        if (channel.read(chunk, position + chunk.position()) < 0) {
          throw new EOFException("it became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw SafetensorsErrors.unreadable(path, e);
    }
    return chunk.flip().order(ByteOrder.LITTLE_ENDIAN);
  }
}
