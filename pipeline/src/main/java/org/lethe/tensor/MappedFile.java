package org.lethe.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of any size, mapped for reading.
 *
 * <p>One mapping is limited to 2 GiB, so the file is mapped in windows. Neighbouring windows share
 * a few bytes, so every element that begins in a window is completely in it. Java unmaps the pages
 * when it collects the buffers. The file must not shrink until then.
 */
final class MappedFile {
  /** Bytes that a window shares with the next: the largest element. */
  private static final int SHARED = Long.BYTES;

  private final long size;
  private final long windowBytes;
  private final ByteBuffer[] windows;

  private MappedFile(long size, long windowBytes, ByteBuffer[] windows) {
    this.size = size;
    this.windowBytes = windowBytes;
    this.windows = windows;
  }

  /**
   * Maps a file.
   *
   * @param windowBytes distance between the beginnings of two windows, a multiple of 8
   */
  static MappedFile open(Path file, long windowBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer[] windows =
          new ByteBuffer[Math.toIntExact((size + windowBytes - 1) / windowBytes)];
      for (int i = 0; i < windows.length; i++) {
        long begin = i * windowBytes;
        long length = Math.min(windowBytes + SHARED, size - begin);
        windows[i] =
            channel
                .map(FileChannel.MapMode.READ_ONLY, begin, length)
                .order(ByteOrder.LITTLE_ENDIAN);
      }
      return new MappedFile(size, windowBytes, windows);
    }
  }

  long size() {
    return size;
  }

  /**
   * Returns a little-endian view of whole elements from a position on, as many as one window
   * contains.
   */
  ByteBuffer slice(long position, long bytes, int elementBytes) {
    int window = Math.toIntExact(position / windowBytes);
    ByteBuffer buffer = windows[window];
    int from = (int) (position - window * windowBytes);
    int available = (buffer.capacity() - from) / elementBytes * elementBytes;
    return buffer.slice(from, (int) Math.min(bytes, available)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
