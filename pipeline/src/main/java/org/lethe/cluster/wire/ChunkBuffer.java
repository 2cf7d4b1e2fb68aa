package org.lethe.cluster.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.lethe.cluster.wire.Slices.Chunk;
import org.lethe.compute.FlatVector;

/** Memory outside the Java heap for one chunk at a time. Belongs to one thread. */
final class ChunkBuffer {
  private final int width;
  private final ByteBuffer bytes;

  ChunkBuffer(Slices slices) {
    width = slices.type().width();
    bytes = ByteBuffer.allocateDirect(Slices.CHUNK * width).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Copies a chunk of the vectors. */
  ByteBuffer read(List<FlatVector> vectors, Chunk chunk) {
    ByteBuffer buffer = room(chunk);
    vectors.get(chunk.vector()).get(chunk.from() * width, buffer);
    return buffer.flip();
  }

  /** Copies bytes into a chunk of the vectors. */
  void write(ByteBuffer from, List<FlatVector> vectors, Chunk chunk) {
    vectors.get(chunk.vector()).put(chunk.from() * width, from);
  }

  /** Empty memory of a chunk's size. */
  ByteBuffer room(Chunk chunk) {
    return bytes.clear().limit(chunk.elements() * width);
  }
}
