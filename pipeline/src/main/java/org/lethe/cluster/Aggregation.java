package org.lethe.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
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

  /** Reports to partition 0, every chunk to a partition of its own. */
  static final class ByChunk extends Partitioner {
    private final int chunks;

    ByChunk(int chunks) {
      this.chunks = chunks;
    }

    @Override
    public int numPartitions() {
      return chunks + 1;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key + 1;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByChunk that && that.chunks == chunks;
    }

    @Override
    public int hashCode() {
      return chunks;
    }
  }

  @Override
  public Iterator<Piece> call(Iterator<Tuple2<Integer, Piece>> pieces) {
    List<Piece> results = new ArrayList<>();
    List<Piece.Chunk> versions = new ArrayList<>();
    int number = Piece.REPORT;
    while (pieces.hasNext()) {
      Tuple2<Integer, Piece> next = pieces.next();
      if (next._2() instanceof Piece.Chunk chunk) {
        versions.add(chunk);
        number = next._1();
      } else {
        results.add(next._2());
      }
    }
    if (!versions.isEmpty()) {
      versions.sort(Comparator.comparingInt(Piece.Chunk::worker));
      double total =
          averaging == Averaging.PARAMETERS
              ? versions.stream().mapToDouble(Piece.Chunk::weight).sum()
              : 1;
      double[] weights = versions.stream().mapToDouble(chunk -> chunk.weight() / total).toArray();
      List<byte[]> bytes = versions.stream().map(Piece.Chunk::bytes).toList();
      results.add(new Piece.Averaged(number, ChunkSum.weighted(bytes, weights, type)));
    }
    return results.iterator();
  }
}
