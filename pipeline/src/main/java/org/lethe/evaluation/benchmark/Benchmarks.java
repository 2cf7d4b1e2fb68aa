package org.lethe.evaluation.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.benchmark.Benchmark.Side;

/** The benchmarks by name. Register new ones here. */
public final class Benchmarks {
  private static final Map<String, Benchmark> BY_NAME = new LinkedHashMap<>();

  static {
    register(new TofuBenchmark());
    register(new LumeBenchmark("lume"));
    register(new LumeBenchmark("semeval"));
    register(new MuseBenchmark());
    register(new MultipleChoice("mmlu", Side.KEEP));
    register(new MultipleChoice("wmdp", Side.FORGET));
    register(new PlainText());
  }

  private Benchmarks() {}

  private static void register(Benchmark benchmark) {
    BY_NAME.put(benchmark.name(), benchmark);
  }

  /**
   * The benchmark with this name.
   *
   * @throws org.lethe.error.LetheException USAGE if there is none
   */
  public static Benchmark named(String name) {
    Benchmark found = BY_NAME.get(name);
    if (found == null) {
      throw BenchmarkErrors.unknown(name, names());
    }
    return found;
  }

  /** All names, in the order in which messages list them. */
  public static List<String> names() {
    return new ArrayList<>(BY_NAME.keySet());
  }
}
