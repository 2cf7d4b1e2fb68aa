package org.lethe.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Tuple2;

/** A round's vectors on their way to the workers. */
final class StateBroadcast implements StateHandle {
  private final ChunkMap map;
  private final List<Broadcast<byte[]>> chunks;

  private StateBroadcast(ChunkMap map, List<Broadcast<byte[]>> chunks) {
    this.map = map;
    this.chunks = chunks;
  }

  static StateBroadcast of(JavaSparkContext spark, List<INDArray> vectors) {
    ChunkMap map = ChunkMap.of(vectors);
    List<Broadcast<byte[]>> chunks = new ArrayList<>();
    for (int i = 0; i < map.count(); i++) {
      chunks.add(spark.broadcast(map.read(vectors, i)));
    }
    return new StateBroadcast(map, chunks);
  }

  @Override
  public void writeTo(List<INDArray> vectors) {
    for (int i = 0; i < map.count(); i++) {
      map.write(chunks.get(i).value(), vectors, i);
    }
  }

  @Override
  public Stream<Tuple2<Integer, Piece>> contribute(
      int worker, double weight, List<INDArray> vectors, ResidentModel.Lease lease) {
    ChunkMap cut = ChunkMap.of(vectors);
    return IntStream.range(0, cut.count())
        .mapToObj(i -> new Tuple2<>(i, new Piece.Chunk(worker, weight, cut.read(vectors, i))));
  }

  /** Frees the memory everywhere; a Spark that is shutting down has freed it already. */
  void destroy() {
    chunks.forEach(Broadcast::destroy);
  }
}
