package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.nd4j.linalg.api.buffer.DataType;
import scala.Tuple2;

/**
 * Sums or averages the workers' versions of each chunk on an executor, in the order of the workers.
 * Passes reports on.
 */
record Aggregation<R extends Serializable>(Reduction reduction, DataType type)
    implements FlatMapFunction<Iterator<Tuple2<Integer, Message<R>>>, Message<R>> {

  /** Partitions messages: reports go to partition 0, chunks to the other partitions in turn. */
  static final class ByChunk extends Partitioner {
    private final int partitions;

    /**
     * @param partitions number of partitions for chunks, without the one for reports
     */
    ByChunk(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions + 1;
    }

    @Override
    public int getPartition(Object key) {
      int chunk = (Integer) key;
      return chunk == Message.REPORT ? 0 : 1 + chunk % partitions;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByChunk that && that.partitions == partitions;
    }

    @Override
    public int hashCode() {
      return partitions;
    }
  }

  @Override
  public Iterator<Message<R>> call(Iterator<Tuple2<Integer, Message<R>>> messages) {
    List<Message<R>> results = new ArrayList<>();
    SortedMap<Integer, List<Message.Chunk<R>>> versions = new TreeMap<>();
    while (messages.hasNext()) {
      Tuple2<Integer, Message<R>> next = messages.next();
      if (next._2() instanceof Message.Chunk<R> chunk) {
        versions.computeIfAbsent(next._1(), number -> new ArrayList<>()).add(chunk);
      } else {
        results.add(next._2());
      }
    }
    versions.forEach(
        (number, chunks) -> results.add(new Message.Averaged<>(number, averaged(chunks))));
    return results.iterator();
  }

  private byte[] averaged(List<Message.Chunk<R>> versions) {
    versions.sort(Comparator.comparingInt(Message.Chunk::worker));
    double total =
        reduction == Reduction.MEAN
            ? versions.stream().mapToDouble(Message.Chunk::weight).sum()
            : 1;
    double[] weights = versions.stream().mapToDouble(chunk -> chunk.weight() / total).toArray();
    return ChunkSum.weighted(versions.stream().map(Message.Chunk::bytes).toList(), weights, type);
  }
}
