package org.lethe.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.benchmark.Benchmark;
import org.lethe.evaluation.benchmark.Benchmarks;
import org.lethe.evaluation.benchmark.RelativePosition;
import org.lethe.evaluation.benchmark.TwoSided;

/**
 * Results of a study, {@code study.json}, see data-schemas/study.schema.json. Contains no text.
 *
 * @param format version of this document
 * @param runId the study's run
 * @param versions versions of Lethe and its libraries
 * @param benchmarks one result per benchmark
 */
public record StudyDocument(
    int format,
    String runId,
    SortedMap<String, String> versions,
    List<BenchmarkResult> benchmarks) {
  /** The version of this document. */
  public static final int FORMAT = 1;

  /**
   * Result of one benchmark.
   *
   * @param benchmark name of the benchmark
   * @param learningRates the grid, the same for every method
   * @param seeds seeds of the cells at the chosen rate; the grid uses the first one
   * @param target figures of the model before unlearning
   * @param retrained figures of the model that never saw the forget set
   * @param chosen the learning rate of each tuned method
   * @param cells all finished cells
   * @param folds folds of MUSE, in order for each method
   * @param settings settings of corpora, fine-tuning and evaluation
   */
  public record BenchmarkResult(
      String benchmark,
      List<Double> learningRates,
      List<Long> seeds,
      SortedMap<String, Figure> target,
      SortedMap<String, Figure> retrained,
      SortedMap<String, Double> chosen,
      List<Cell> cells,
      List<FoldCell> folds,
      SortedMap<String, String> settings) {
    /** Returns the benchmark that interprets the figures. */
    public Benchmark scores() {
      return Benchmarks.named(benchmark);
    }

    /** Returns the name of the utility figure. */
    public String utility() {
      return scores().headline().utility(target);
    }

    /** Returns the position of a cell between target and retrained model. */
    public RelativePosition position(Cell cell) {
      return RelativePosition.of(scores().headline(), target, cell.figures(), retrained);
    }

    /**
     * Returns the cells of a method at its chosen rate, by seed; none until its grid is finished.
     */
    public List<Cell> finals(String method) {
      return cells.stream()
          .filter(cell -> cell.method().equals(method))
          .filter(cell -> Double.valueOf(cell.learningRate()).equals(chosen.get(method)))
          .toList();
    }

    /**
     * Returns the figures of a method over its seeds: the mean of the means, and of the bounds of
     * the intervals over questions.
     */
    public SortedMap<String, Figure> figures(String method) {
      List<Cell> finals = finals(method).stream().filter(cell -> cell.failure().isEmpty()).toList();
      SortedMap<String, Figure> means = new TreeMap<>();
      if (finals.isEmpty()) {
        return means;
      }
      for (String name : finals.get(0).figures().keySet()) {
        List<Figure> found = new ArrayList<>();
        finals.stream()
            .map(cell -> cell.figures().get(name))
            .filter(figure -> figure != null)
            .forEach(found::add);
        double mean = found.stream().mapToDouble(Figure::mean).average().orElseThrow();
        double low = found.stream().mapToDouble(Figure::low).average().orElseThrow();
        double high = found.stream().mapToDouble(Figure::high).average().orElseThrow();
        means.put(
            name,
            new Figure(mean, Math.min(low, mean), Math.max(high, mean), found.get(0).count()));
      }
      return means;
    }

    /** Returns the two-sided comparison of a method. */
    public SortedMap<String, TwoSided> readings(String method) {
      return TwoSided.of(scores(), target, figures(method), retrained);
    }

    /** Whether no other final cell of the study is better in both numbers. */
    public boolean isOnFront(Cell cell) {
      RelativePosition position = position(cell);
      return cell.failure().isEmpty()
          && chosen.keySet().stream()
              .flatMap(method -> finals(method).stream())
              .noneMatch(other -> other.failure().isEmpty() && position(other).dominates(position));
    }
  }

  /**
   * One unlearned and evaluated model.
   *
   * @param fingerprint digest of its models, data and settings
   * @param method name of the method in the configuration
   * @param learningRate peak learning rate
   * @param seed seed of unlearning
   * @param seconds time of unlearning and evaluation
   * @param failure reason for missing figures: DIVERGED or NO_EFFECT
   * @param figures figures with confidence intervals
   */
  public record Cell(
      String fingerprint,
      String method,
      double learningRate,
      long seed,
      double seconds,
      Optional<String> failure,
      SortedMap<String, Figure> figures) {
    /** Returns the same cell with new figures. */
    public Cell withFigures(SortedMap<String, Figure> found) {
      return new Cell(fingerprint, method, learningRate, seed, seconds, failure, found);
    }
  }

  /**
   * A part of the forget set, unlearned alone or after the parts before it.
   *
   * @param kind scalability or sustainability
   * @param fold number of the part, from 1
   * @param cell the result
   */
  public record FoldCell(String kind, int fold, Cell cell) {}

  /**
   * Returns two numbers for each benchmark and method, forgetting and utility, averaged over seeds.
   */
  public SortedMap<String, Double> headlines() {
    SortedMap<String, Double> headlines = new TreeMap<>();
    for (BenchmarkResult result : benchmarks) {
      for (String method : result.chosen().keySet()) {
        List<RelativePosition> positions =
            result.finals(method).stream()
                .filter(cell -> cell.failure().isEmpty())
                .map(result::position)
                .toList();
        if (!positions.isEmpty()) {
          String name = result.benchmark() + "." + method.toLowerCase(Locale.ROOT);
          headlines.put(
              name + ".forgetting",
              positions.stream().mapToDouble(RelativePosition::forgetting).average().orElseThrow());
          headlines.put(
              name + ".utility",
              positions.stream().mapToDouble(RelativePosition::utility).average().orElseThrow());
        }
      }
    }
    return headlines;
  }
}
