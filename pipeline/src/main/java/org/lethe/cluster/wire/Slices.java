package org.lethe.cluster.wire;

import java.util.List;
import java.util.stream.IntStream;
import org.lethe.compute.FlatVector;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Splits vectors of one length among owners, and each owner's slice into chunks.
 *
 * @param vectors number of vectors
 * @param length elements of a vector
 * @param type FLOAT or DOUBLE
 * @param owners number of owners
 */
record Slices(int vectors, long length, DataType type, int owners) {
  /** Elements of a chunk. Its sum in double then fits into the second cache. */
  static final int CHUNK = 1 << 16;

  /**
   * A range of elements of a vector.
   *
   * @param vector index of the vector
   * @param from first element
   * @param elements number of elements
   */
  record Chunk(int vector, long from, int elements) {}

  static Slices of(List<FlatVector> vectors, int owners) {
    FlatVector first = vectors.get(0);
    return new Slices(vectors.size(), first.length(), first.type(), owners);
  }

  private long from(int owner) {
    return length * owner / owners;
  }

  private int chunksPerVector(int owner) {
    return Math.toIntExact((from(owner + 1) - from(owner) + CHUNK - 1) / CHUNK);
  }

  /** Number of chunks of an owner. */
  int chunks(int owner) {
    return vectors * chunksPerVector(owner);
  }

  /** Number of chunks of the owner that has most. */
  int mostChunks() {
    return IntStream.range(0, owners).map(this::chunks).max().orElseThrow();
  }

  /** A chunk of an owner. */
  Chunk chunk(int owner, int number) {
    int perVector = chunksPerVector(owner);
    long from = from(owner) + (long) (number % perVector) * CHUNK;
    return new Chunk(number / perVector, from, (int) Math.min(CHUNK, from(owner + 1) - from));
  }
}
