package org.lethe.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures work and prints lines of CSV: program, labels, what, median ms, best ms, best processor
 * time in ms, and GFLOP/s of the best.
 *
 * @param labels fields after the program
 * @param rounds measured repetitions
 */
record PassMeter(String labels, int rounds) {
  private static final int WARM_UP = 2;

  /**
   * Measures one kind of work.
   *
   * @param operations multiplications and additions, or 0 if no rate is to be printed
   */
  void measure(String what, double operations, Runnable work) {
    double[] seconds = new double[rounds];
    long processor = Long.MAX_VALUE;
    for (int round = -WARM_UP; round < rounds; round++) {
      long before = processorTime();
      long start = System.nanoTime();
      work.run();
      if (round >= 0) {
        seconds[round] = (System.nanoTime() - start) / 1e9;
        processor = Math.min(processor, processorTime() - before);
      }
    }
    Arrays.sort(seconds);
    System.out.printf(
        Locale.ROOT,
        "lethe,%s,%s,%.1f,%.1f,%.1f,%s%n",
        labels,
        what,
        seconds[rounds / 2] * 1e3,
        seconds[0] * 1e3,
        processor / 1e6,
        operations > 0 ? String.format(Locale.ROOT, "%.0f", operations / seconds[0] / 1e9) : "");
  }

  /** Processor time of this process in nanoseconds; other processes affect it less. */
  private static long processorTime() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
