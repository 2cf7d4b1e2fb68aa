package org.lethe.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A round's vectors on their way to the workers. */
final class StateBroadcast implements Serializable {
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

  /** Copies the values into vectors of the same shape. */
  void writeTo(List<INDArray> vectors) {
    for (int i = 0; i < map.count(); i++) {
      map.write(chunks.get(i).value(), vectors, i);
    }
  }

  /** Frees the memory everywhere; a Spark that is shutting down has freed it already. */
  void destroy() {
    chunks.forEach(Broadcast::destroy);
  }
}
