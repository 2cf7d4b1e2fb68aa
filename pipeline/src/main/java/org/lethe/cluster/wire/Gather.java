package org.lethe.cluster.wire;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.lethe.cluster.wire.Slices.Chunk;
import org.lethe.compute.FlatVector;

/** Receives the averages of slices from their owners. */
final class Gather {
  private Gather() {}

  /**
   * Receives the slices of some owners, chunk by chunk, in the order of the owners. Owners send in
   * the same order, so nobody waits for ever.
   */
  static void run(Map<Integer, Connection> owners, Slices slices, List<FlatVector> vectors)
      throws IOException {
    ChunkBuffer buffer = new ChunkBuffer(slices);
    for (int number = 0; number < slices.mostChunks(); number++) {
      for (Map.Entry<Integer, Connection> owner : owners.entrySet()) {
        if (number < slices.chunks(owner.getKey())) {
          Chunk chunk = slices.chunk(owner.getKey(), number);
          buffer.write(owner.getValue().read(buffer.room(chunk)), vectors, chunk);
        }
      }
    }
  }
}
