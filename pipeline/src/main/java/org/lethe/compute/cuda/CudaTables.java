package org.lethe.compute.cuda;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.lethe.compute.RotaryTables;

/** Rotary tables on the device, kept for the last few decoders. */
final class CudaTables {
  private static final int KEPT = 4;

  /** Tables and their memory on the device. */
  private record Uploaded(
      RotaryTables tables, DeviceMemory.Block cosines, DeviceMemory.Block sines) {
    boolean holds(RotaryTables other) {
      return tables == other
          || (tables.half() == other.half()
              && Arrays.equals(tables.cosines(), other.cosines())
              && Arrays.equals(tables.sines(), other.sines()));
    }

    void close() {
      cosines.close();
      sines.close();
    }
  }

  /** Device addresses of both tables. */
  record Addresses(long cosines, long sines) {}

  private final DeviceMemory memory;
  private final Transfers transfers;
  private final Deque<Uploaded> uploaded = new ArrayDeque<>();

  CudaTables(DeviceMemory memory, Transfers transfers) {
    this.memory = memory;
    this.transfers = transfers;
  }

  /** Copies the tables to the device unless they are already there. */
  synchronized Addresses of(RotaryTables tables) {
    Uploaded found =
        uploaded.stream().filter(candidate -> candidate.holds(tables)).findFirst().orElse(null);
    if (found == null) {
      if (uploaded.size() == KEPT) {
        uploaded.removeLast().close();
      }
      found = new Uploaded(tables, upload(tables.cosines()), upload(tables.sines()));
      uploaded.addFirst(found);
    }
    return new Addresses(found.cosines().address(), found.sines().address());
  }

  private DeviceMemory.Block upload(float[] table) {
    DeviceMemory.Block block = memory.allocate((long) Float.BYTES * table.length);
    transfers.upload(table, 0, table.length, block.address());
    return block;
  }
}
