package org.lethe.cluster;

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
 * Sums or averages the workers' versions of a chunk on an executor, in the order of the workers;
 * passes reports on.
 */
record Aggregation(Averaging averaging, DataType type)
    implements FlatMapFunction<Iterator<Tuple2<Integer, Piece>>, Piece> {

  /** Reports to partition 0, chunks to the others in turn. */
  static final class ByChunk extends Partitioner {
    private final int partitions;

    /** Partitions for chunks, without the one for reports. */
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
      return chunk == Piece.REPORT ? 0 : 1 + chunk % partitions;
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
  public Iterator<Piece> call(Iterator<Tuple2<Integer, Piece>> pieces) {
    List<Piece> results = new ArrayList<>();
    SortedMap<Integer, List<Piece.Chunk>> versions = new TreeMap<>();
    while (pieces.hasNext()) {
      Tuple2<Integer, Piece> next = pieces.next();
      if (next._2() instanceof Piece.Chunk chunk) {
        versions.computeIfAbsent(next._1(), number -> new ArrayList<>()).add(chunk);
      } else {
        results.add(next._2());
      }
    }
    versions.forEach((number, chunks) -> results.add(new Piece.Averaged(number, averaged(chunks))));
    return results.iterator();
  }

  private byte[] averaged(List<Piece.Chunk> versions) {
    versions.sort(Comparator.comparingInt(Piece.Chunk::worker));
    double total =
        averaging == Averaging.PARAMETERS
            ? versions.stream().mapToDouble(Piece.Chunk::weight).sum()
            : 1;
    double[] weights = versions.stream().mapToDouble(chunk -> chunk.weight() / total).toArray();
    return ChunkSum.weighted(versions.stream().map(Piece.Chunk::bytes).toList(), weights, type);
  }
}
