package org.lethe.compute.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.lethe.error.PlatformErrors;

/**
 * Memory of a device. Freed blocks are kept for the next request of the same size, because the
 * driver waits for the device whenever memory is returned to it. All work runs in one stream, so a
 * block may be reused while the device still reads it.
 */
final class DeviceMemory {
  private static final long SMALLEST = 512;

  /** A piece of device memory. */
  final class Block implements AutoCloseable {
    private final long address;
    private final long bytes;
    private boolean isOpen = true;

    private Block(long address, long bytes) {
      this.address = address;
      this.bytes = bytes;
    }

    long address() {
      if (!isOpen) {
        throw new IllegalStateException("Device memory is used after it was freed");
      }
      return address;
    }

    @Override
    public void close() {
      if (isOpen) {
        isOpen = false;
        keep(address, bytes);
      }
    }
  }

  private final Device device;
  private final Map<Long, Deque<Long>> kept = new TreeMap<>();

  DeviceMemory(Device device) {
    this.device = device;
  }

  /**
   * Allocates a block for a short time, of at least that many bytes. Its content is undefined.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the device is out of memory
   */
  Block allocate(long bytes) {
    return allocate(bytes, rounded(bytes));
  }

  /**
   * Allocates a block that is kept for long, such as weights. It takes no more memory than it
   * needs.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the device is out of memory
   */
  Block allocateLasting(long bytes) {
    return allocate(bytes, rounded(bytes, SMALLEST));
  }

  private Block allocate(long bytes, long size) {
    synchronized (device.stream()) {
      return new Block(address(bytes, size), size);
    }
  }

  private long address(long bytes, long size) {
    device.enter();
    Deque<Long> addresses = kept.get(size);
    if (addresses != null && !addresses.isEmpty()) {
      return addresses.pop();
    }
    long[] address = new long[1];
    int code = Driver.cuMemAlloc(address, size);
    if (code == Driver.OUT_OF_MEMORY) {
      release();
      code = Driver.cuMemAlloc(address, size);
    }
    if (code == Driver.OUT_OF_MEMORY) {
      throw PlatformErrors.notEnoughMemory(
          "device memory",
          bytes,
          device.freeBytes(),
          "one more block",
          "take fewer rows per batch or a device with more memory");
    }
    Device.check(code, "cuMemAlloc");
    return address[0];
  }

  /**
   * Rounds up to steps of an eighth of the next power of two, so that similar requests share
   * blocks.
   */
  static long rounded(long bytes) {
    long step = Math.max(SMALLEST, Long.highestOneBit(Math.max(1, bytes)) / 4);
    return rounded(bytes, step);
  }

  private static long rounded(long bytes, long step) {
    return Math.max(1, (bytes + step - 1) / step) * step;
  }

  /** Bytes that no process uses, and those of freed blocks. */
  long freeBytes() {
    synchronized (device.stream()) {
      long freed = 0;
      for (Map.Entry<Long, Deque<Long>> blocks : kept.entrySet()) {
        freed += blocks.getKey() * blocks.getValue().size();
      }
      return device.freeBytes() + freed;
    }
  }

  private void keep(long address, long bytes) {
    synchronized (device.stream()) {
      kept.computeIfAbsent(bytes, size -> new ArrayDeque<>()).push(address);
    }
  }

  /** Returns all kept blocks to the driver. */
  private void release() {
    // Work that waits may still use them.
    device.stream().flush();
    device.stream().synchronize();
    for (Deque<Long> addresses : kept.values()) {
      addresses.forEach(address -> Device.check(Driver.cuMemFree(address), "cuMemFree"));
    }
    kept.clear();
  }
}
