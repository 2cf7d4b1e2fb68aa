package org.lethe.cluster.transport;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.lethe.compute.FlatVector;

/** Vectors that every worker receives, as Spark broadcasts. */
final class StateBroadcast implements SentState {
  private final ChunkMap map;
  private final List<Broadcast<byte[]>> chunks;

  private StateBroadcast(ChunkMap map, List<Broadcast<byte[]>> chunks) {
    this.map = map;
    this.chunks = chunks;
  }

  /** Broadcasts the vectors. */
  static StateBroadcast of(JavaSparkContext spark, List<FlatVector> vectors) {
    ChunkMap map = ChunkMap.of(vectors);
    List<Broadcast<byte[]>> chunks = new ArrayList<>();
    for (int i = 0; i < map.count(); i++) {
      chunks.add(spark.broadcast(map.read(vectors, i)));
    }
    return new StateBroadcast(map, chunks);
  }

  @Override
  public void writeTo(List<FlatVector> vectors) {
    for (int i = 0; i < map.count(); i++) {
      map.write(chunks.get(i).value(), vectors, i);
    }
  }

  @Override
  public void close() {
    chunks.forEach(Broadcast::destroy);
  }
}
