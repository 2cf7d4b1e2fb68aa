package org.lethe.compute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Flat vectors as raw little-endian bytes, in chunks.
 *
 * <p>A chunk fits into every byte-array limit between driver and workers.
 */
public final class VectorBytes {
  /** The largest chunk, 64 MiB. */
  public static final int MAXIMUM_CHUNK = 64 << 20;

  static {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalStateException("Invalid platform: big-endian memory");
    }
  }

  private VectorBytes() {}

  /** Number of chunks of at most {@code chunkBytes} bytes that hold the vector. */
  public static int chunks(FlatVector vector, int chunkBytes) {
    requireChunk(chunkBytes);
    return Math.toIntExact((bytes(vector) + chunkBytes - 1) / chunkBytes);
  }

  /** Bytes of the whole vector. */
  public static long bytes(FlatVector vector) {
    return vector.length() * vector.type().width();
  }

  /** Copies a chunk of the vector. The last chunk may be shorter. */
  public static byte[] read(FlatVector vector, int chunk, int chunkBytes) {
    requireChunk(chunkBytes);
    long from = (long) chunk * chunkBytes;
    byte[] bytes = new byte[(int) Math.min(chunkBytes, bytes(vector) - from)];
    vector.get(from, bytes);
    return bytes;
  }

  /** Copies a chunk into the vector. */
  public static void write(byte[] bytes, FlatVector vector, int chunk, int chunkBytes) {
    requireChunk(chunkBytes);
    long from = (long) chunk * chunkBytes;
    long expected = Math.min(chunkBytes, bytes(vector) - from);
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid chunk %d: %d bytes, expected %d",
              chunk,
              bytes.length,
              expected));
    }
    vector.put(from, bytes);
  }

  /** Wraps a chunk in a little-endian buffer. */
  public static ByteBuffer buffer(byte[] chunk) {
    return ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void requireChunk(int chunkBytes) {
    if (chunkBytes < 8 || chunkBytes > MAXIMUM_CHUNK || chunkBytes % 8 != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid chunk size: %d bytes, expected a multiple of 8 up to %d",
              chunkBytes,
              MAXIMUM_CHUNK));
    }
  }
}
