package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorBytes;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * How several vectors of one length are cut into numbered chunks.
 *
 * @param vectors number of vectors
 * @param chunksPerVector chunks of each
 * @param chunkBytes bytes of a chunk, but the last of a vector
 * @param type FLOAT or DOUBLE
 */
record ChunkMap(int vectors, int chunksPerVector, int chunkBytes, DataType type)
    implements Serializable {
  /**
   * Small enough that a few hundred megabytes keep all cores busy, large enough that a task's
   * overhead (milliseconds) does not show.
   */
  static final int CHUNK_BYTES = 16 << 20;

  static ChunkMap of(List<FlatVector> vectors) {
    FlatVector first = vectors.get(0);
    return new ChunkMap(
        vectors.size(), VectorBytes.chunks(first, CHUNK_BYTES), CHUNK_BYTES, first.type());
  }

  /** Chunks of all vectors. */
  int count() {
    return vectors * chunksPerVector;
  }

  byte[] read(List<FlatVector> arrays, int chunk) {
    return VectorBytes.read(
        arrays.get(chunk / chunksPerVector), chunk % chunksPerVector, chunkBytes);
  }

  void write(byte[] bytes, List<FlatVector> arrays, int chunk) {
    VectorBytes.write(
        bytes, arrays.get(chunk / chunksPerVector), chunk % chunksPerVector, chunkBytes);
  }
}
