package org.lethe.evaluation.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.ReferenceLosses;

/**
 * A benchmark's figures with 95 % percentile bootstrap intervals (Efron and Tibshirani, 1993,
 * section 13.3) over questions. Every resample computes every figure again, so aggregates such as
 * harmonic means, areas and p-values have intervals of their own. The interval of a p-value shows
 * how much it depends on the choice of questions. It cannot exceed the range that the number of
 * questions allows.
 */
public final class BenchmarkFigures {
  private static final int RESAMPLES = 500;
  private static final double TAIL = 0.025;

  private BenchmarkFigures() {}

  /**
   * Computes figures from rows. The same rows and seed give the same figures, in any order of rows.
   */
  public static SortedMap<String, Figure> of(
      Benchmark benchmark,
      Collection<EvaluationRow> rows,
      Optional<? extends Collection<EvaluationRow>> reference,
      long seed) {
    List<EvaluationRow> compared =
        reference.map(of -> ReferenceLosses.fill(rows, of)).orElseGet(() -> List.copyOf(rows));
    return of(
        benchmark,
        benchmark.samples(sorted(compared)),
        reference.map(model -> benchmark.samples(sorted(model))),
        seed);
  }

  private static List<EvaluationRow> sorted(Collection<EvaluationRow> rows) {
    return rows.stream().sorted(EvaluationRow.ORDER).toList();
  }

  /** Computes figures from samples. */
  public static SortedMap<String, Figure> of(
      Benchmark benchmark, Samples samples, Optional<Samples> reference, long seed) {
    SortedMap<String, Double> values = benchmark.figures(samples, reference);
    SortedMap<String, List<Double>> drawn = new TreeMap<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (int r = 0; r < RESAMPLES; r++) {
      Samples chosen = samples.resampled(random);
      Optional<Samples> other = reference.map(model -> model.resampled(random));
      benchmark
          .figures(chosen, other)
          .forEach((name, value) -> drawn.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    int count = samples.groups().stream().mapToInt(samples::count).max().orElse(0);
    SortedMap<String, Figure> figures = new TreeMap<>();
    values.forEach(
        (name, value) ->
            figures.put(name, figure(value, drawn.get(name), count(samples, name, count))));
    return figures;
  }

  /**
   * Returns the number of questions behind a figure: of the group in its name, or otherwise of the
   * largest group.
   */
  private static int count(Samples samples, String name, int largest) {
    String group = "";
    for (String candidate : samples.groups()) {
      String dotted = candidate.replace('/', '.');
      boolean named = name.equals(dotted) || name.startsWith(dotted + ".");
      group = named && candidate.length() > group.length() ? candidate : group;
    }
    return group.isEmpty() ? largest : samples.count(group);
  }

  private static Figure figure(double value, List<Double> drawn, int count) {
    List<Double> sorted = new ArrayList<>(drawn == null ? List.of(value) : drawn);
    Collections.sort(sorted);
    int cut = (int) (TAIL * sorted.size());
    double low = sorted.get(cut);
    double high = sorted.get(sorted.size() - 1 - cut);
    // A skewed figure such as a p-value can lie outside its percentiles.
    return new Figure(value, Math.min(low, value), Math.max(high, value), count);
  }
}
