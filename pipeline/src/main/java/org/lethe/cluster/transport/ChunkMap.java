package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorBytes;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Numbers the chunks of several vectors of one length.
 *
 * @param vectors number of vectors
 * @param chunksPerVector chunks of each vector
 * @param chunkBytes bytes of a chunk; the last chunk of a vector may be shorter
 * @param type FLOAT or DOUBLE
 */
record ChunkMap(int vectors, int chunksPerVector, int chunkBytes, DataType type)
    implements Serializable {
  /**
   * Bytes of a chunk. A few hundred megabytes of state then keep all cores busy, and the overhead
   * of a task (milliseconds) does not matter.
   */
  static final int CHUNK_BYTES = 16 << 20;

  static ChunkMap of(List<FlatVector> vectors) {
    FlatVector first = vectors.get(0);
    return new ChunkMap(
        vectors.size(), VectorBytes.chunks(first, CHUNK_BYTES), CHUNK_BYTES, first.type());
  }

  /** Number of chunks of all vectors. */
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
