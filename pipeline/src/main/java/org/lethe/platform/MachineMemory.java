package org.lethe.platform;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Memory available to this process.
 *
 * @param physical bytes of the machine
 * @param limit bytes of the container, or the machine where there is no limit
 * @param heap most bytes of the Java heap
 * @param free bytes of the machine that other processes do not use
 * @param resident bytes of this process in memory; all of the machine if unknown
 * @param committed bytes of memory that the Java heap has now
 */
public record MachineMemory(
    long physical, long limit, long heap, long free, long resident, long committed) {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Path STATUS = Path.of("/proc/self/status");

  public static MachineMemory ofProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    long physical = machine();
    long limit = Math.min(physical, ContainerMemory.limit().orElse(physical));
    return new MachineMemory(
        physical,
        limit,
        heap,
        Math.min(limit, kibibytes(MEMINFO, "MemAvailable:").orElse(physical)),
        kibibytes(STATUS, "VmRSS:").orElse(physical),
        Runtime.getRuntime().totalMemory());
  }

  /**
   * Bytes left for native memory when the Java heap is full: what weights and gradients live in.
   */
  public long forNative() {
    return Math.max(0, limit - heap);
  }

  /** Bytes that native memory may still grow by, if the Java heap grows to its limit too. */
  public long spare() {
    long growth = heap - committed;
    return Math.max(0, Math.min(free, limit - resident) - growth);
  }

  private static long machine() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean bean
        ? bean.getTotalMemorySize()
        : Long.MAX_VALUE;
  }

  /** Bytes that a line of a file of Linux gives in KiB. */
  private static OptionalLong kibibytes(Path file, String line) {
    try {
      for (String text : Files.readAllLines(file)) {
        if (text.startsWith(line)) {
          return OptionalLong.of(Long.parseLong(text.replaceAll("\\D", "")) << 10);
        }
      }
      return OptionalLong.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
