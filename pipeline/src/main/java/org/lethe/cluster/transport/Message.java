package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Travels from a worker to the executor that averages, and on to the driver.
 *
 * @param <R> type of the workers' reports
 */
sealed interface Message<R extends Serializable> extends Serializable {
  /** Key of reports. The key of a chunk is its number. */
  int REPORT = -1;

  /**
   * A worker's version of one chunk.
   *
   * @param worker its index
   * @param weight its weight in a mean
   * @param bytes raw, little-endian
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // Never compared; a byte array is what Spark moves fast.
  record Chunk<R extends Serializable>(int worker, double weight, byte[] bytes)
      implements Message<R> {}

  /**
   * A worker's report.
   *
   * @param worker its index
   * @param report losses, figures and times of the round
   */
  record Report<R extends Serializable>(int worker, R report) implements Message<R> {}

  /**
   * A chunk after averaging.
   *
   * @param number as in the {@link ChunkMap}
   * @param bytes raw, little-endian
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Averaged<R extends Serializable>(int number, byte[] bytes) implements Message<R> {}

  /** The reports among messages, in the order of their workers. */
  static <R extends Serializable> List<R> reports(List<Message<R>> messages) {
    return messages.stream()
        .flatMap(message -> message instanceof Report<R> report ? Stream.of(report) : Stream.of())
        .sorted(Comparator.comparingInt(Report::worker))
        .map(Report::report)
        .toList();
  }
}
