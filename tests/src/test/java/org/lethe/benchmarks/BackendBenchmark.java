package org.lethe.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lethe.compute.TestBackend;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.tensor.NativeBackend;
import org.lethe.text.Batch;

/**
 * Measures the processor time of forward and backward passes of stories15M's shape on every
 * backend.
 *
 * <p>Arguments: rounds (default 5), sequences (8), length (128). Prints medians and minima.
 */
public final class BackendBenchmark {
  private BackendBenchmark() {}

  /** Shape of stories15M. */
  private static final Architecture CONFIG =
      new LlamaConfig(
              288, 768, 6, 6, 6, 48, 32000, 256, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  public static void main(String[] arguments) {
    Arguments given = new Arguments(arguments);
    NativeBackend.prepare();
    int rounds = given.number(0, 5);
    Batch batch =
        new RandomTokens(CONFIG.vocabularySize()).batch(given.number(1, 8), given.number(2, 128));
    Map<TestBackend, double[]> seconds = new EnumMap<>(TestBackend.class);
    for (TestBackend backend : TestBackend.values()) {
      seconds.put(backend, new double[rounds]);
      try (Decoder decoder =
              Decoder.load(CONFIG, Adapter.full(), backend.backend(), new RandomWeights(1));
          Gradients gradients = decoder.newGradients()) {
        for (int round = -2; round < rounds; round++) {
          long start = processorTime();
          decoder.accumulate(batch, LogitLoss.negativeLogLikelihood(), gradients);
          if (round >= 0) {
            seconds.get(backend)[round] = (processorTime() - start) / 1e9;
          }
        }
      }
    }
    seconds.forEach(BackendBenchmark::report);
  }

  /**
   * Processor time of this process in nanoseconds. Other processes affect it less than wall time.
   */
  private static long processorTime() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void report(TestBackend backend, double[] seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-12s forward + backward: median %8.1f ms, best %8.1f ms%n",
        backend,
        sorted[sorted.length / 2] * 1e3,
        sorted[0] * 1e3);
  }
}
