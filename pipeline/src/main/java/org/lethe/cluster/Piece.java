package org.lethe.cluster;

import java.io.Serializable;

/** What travels from a worker to where it is averaged. */
sealed interface Piece extends Serializable {
  /** Key of reports; chunks have their number. */
  int REPORT = -1;

  /**
   * A worker's version of one chunk.
   *
   * @param worker its index
   * @param weight its weight in an average
   * @param bytes raw, little-endian
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // Never compared; a byte array is what Spark moves fast.
  record Chunk(int worker, double weight, byte[] bytes) implements Piece {}

  /** What the worker says besides. */
  record Report(WorkerReport report) implements Piece {}

  /**
   * A chunk after averaging.
   *
   * @param number as in the {@link ChunkMap}
   * @param bytes raw, little-endian
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Averaged(int number, byte[] bytes) implements Piece {}
}
