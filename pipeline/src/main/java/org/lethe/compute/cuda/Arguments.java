package org.lethe.compute.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays that the kernels of a segment read. They lie one after another in one block of the device,
 * and one copy takes them there. So they have the same addresses whenever the segment recurs.
 */
final class Arguments {
  private static final int BYTES = 1 << 20;
  private static final int ALIGNMENT = 64;

  /** Place of an array. */
  private record Place(int offset, int bytes) {}

  private final Transfers transfers;
  private final DeviceMemory.Block block;
  private final ByteBuffer staged = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
  private final List<Place> places = new ArrayList<>();
  private int used;

  Arguments(DeviceMemory memory, Transfers transfers) {
    this.transfers = transfers;
    block = memory.allocateLasting(BYTES);
  }

  /** Bytes that the arrays among a kernel's arguments take at most. */
  static long bytes(Object... arguments) {
    long bytes = 0;
    for (Object argument : arguments) {
      bytes += rounded(bytes(argument));
    }
    return bytes;
  }

  private static long bytes(Object argument) {
    if (argument instanceof int[] numbers) {
      return (long) Integer.BYTES * numbers.length;
    } else if (argument instanceof long[] numbers) {
      return (long) Long.BYTES * numbers.length;
    } else if (argument instanceof double[] numbers) {
      return (long) Double.BYTES * numbers.length;
    }
    return 0;
  }

  private static long rounded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Whether a segment can hold so many bytes. */
  static boolean canHold(long bytes) {
    return bytes <= BYTES;
  }

  /** Whether this segment has room for so many bytes. */
  boolean hasRoom(long bytes) {
    return used + bytes <= BYTES;
  }

  /** Adds an array to the segment and returns its device address. Equal arrays share one. */
  long address(Object array) {
    int bytes = (int) bytes(array);
    ByteBuffer place = staged.slice(used, bytes).order(ByteOrder.nativeOrder());
    if (array instanceof int[] numbers) {
      place.asIntBuffer().put(numbers);
    } else if (array instanceof long[] numbers) {
      place.asLongBuffer().put(numbers);
    } else {
      place.asDoubleBuffer().put((double[]) array);
    }
    for (Place other : places) {
      if (other.bytes() == bytes && staged.slice(other.offset(), bytes).equals(place)) {
        return block.address() + other.offset();
      }
    }
    Place added = new Place(used, bytes);
    places.add(added);
    used += (int) rounded(bytes);
    return block.address() + added.offset();
  }

  /** Starts the copy of the segment's arrays, and begins the next segment. */
  void upload() {
    if (used > 0) {
      transfers.uploadArguments(staged.array(), used, block.address());
    }
    places.clear();
    used = 0;
  }
}
