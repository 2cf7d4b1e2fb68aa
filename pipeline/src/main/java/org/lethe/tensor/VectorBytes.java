package org.lethe.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Flat vectors as raw little-endian bytes, in chunks.
 *
 * <p>Java serialisation of an INDArray writes one element at a time (measured: 200 MB/s); this is a
 * plain memory copy. A chunk is small enough for every byte-array limit on the way.
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
  public static int chunks(INDArray vector, int chunkBytes) {
    requireChunk(chunkBytes);
    return Math.toIntExact((bytes(vector) + chunkBytes - 1) / chunkBytes);
  }

  /** Bytes of the whole vector. */
  public static long bytes(INDArray vector) {
    return vector.length() * vector.dataType().width();
  }

  /** Copies a chunk of the vector; the last one is shorter. */
  public static byte[] read(INDArray vector, int chunk, int chunkBytes) {
    requireChunk(chunkBytes);
    long from = (long) chunk * chunkBytes;
    byte[] bytes = new byte[(int) Math.min(chunkBytes, bytes(vector) - from)];
    at(vector, from).get(bytes, 0, bytes.length);
    return bytes;
  }

  /** Copies a chunk into the vector. */
  public static void write(byte[] bytes, INDArray vector, int chunk, int chunkBytes) {
    requireChunk(chunkBytes);
    long from = (long) chunk * chunkBytes;
    long expected = Math.min(chunkBytes, bytes(vector) - from);
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          "Invalid chunk %d: %d bytes, expected %d".formatted(chunk, bytes.length, expected));
    }
    at(vector, from).put(bytes, 0, bytes.length);
    VectorBlocks.wroteHost(vector);
  }

  /** A chunk as a buffer, little-endian. */
  public static ByteBuffer buffer(byte[] chunk) {
    return ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static BytePointer at(INDArray vector, long from) {
    Pointer start = VectorBlocks.pointer(vector);
    return new BytePointer(start).getPointer(from);
  }

  private static void requireChunk(int chunkBytes) {
    if (chunkBytes < 8 || chunkBytes > MAXIMUM_CHUNK || chunkBytes % 8 != 0) {
      throw new IllegalArgumentException(
          "Invalid chunk size: %d bytes, expected a multiple of 8 up to %d"
              .formatted(chunkBytes, MAXIMUM_CHUNK));
    }
  }
}
