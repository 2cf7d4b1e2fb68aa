package org.lethe.platform;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory available to this process.
 *
 * @param physical bytes of the machine
 * @param limit bytes of the container, or the machine where there is no limit
 * @param heap most bytes of the Java heap
 * @param free bytes of the machine that other processes do not use
 */
public record MachineMemory(long physical, long limit, long heap, long free) {
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  public static MachineMemory ofProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    long physical = machine();
    long limit = Math.min(physical, ContainerMemory.limit().orElse(physical));
    return new MachineMemory(physical, limit, heap, Math.min(limit, available(physical)));
  }

  /**
   * Bytes left for native memory when the Java heap is full: what weights and gradients live in.
   */
  public long forNative() {
    return Math.max(0, limit - heap);
  }

  private static long machine() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean bean
        ? bean.getTotalMemorySize()
        : Long.MAX_VALUE;
  }

  private static long available(long otherwise) {
    try {
      for (String line : Files.readAllLines(MEMINFO)) {
        if (line.startsWith("MemAvailable:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
      return otherwise;
    } catch (IOException | NumberFormatException e) {
      return otherwise;
    }
  }
}
