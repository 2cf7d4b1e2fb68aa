package org.lethe.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.Benchmark;
import org.lethe.evaluation.Benchmarks;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Standing;
import org.lethe.evaluation.TwoSided;

/**
 * A study's results, {@code study.json}: data-schemas/study.schema.json. It holds no text.
 *
 * @param format version of this document
 * @param runId of the study
 * @param versions of Lethe and its libraries
 * @param benchmarks one result each
 */
public record StudyDocument(
    int format,
    String runId,
    SortedMap<String, String> versions,
    List<BenchmarkResult> benchmarks) {
  /** The version of this document. */
  public static final int FORMAT = 1;

  /**
   * One benchmark.
   *
   * @param benchmark its name
   * @param learningRates the grid, the same for every method
   * @param seeds of the cells at the chosen rate; the first is also that of the grid
   * @param target figures of the model before unlearning
   * @param retrained figures of the model that never saw the forget set
   * @param chosen the learning rate of each method that is tuned
   * @param cells all that are done
   * @param folds of MUSE, in their order for each method
   * @param settings of corpora, fine-tuning and evaluation
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
    /** How its figures are read. */
    public Benchmark scores() {
      return Benchmarks.named(benchmark);
    }

    /** The figure that utility is measured by. */
    public String utility() {
      return scores().headline().utility(target);
    }

    /** Where a cell stands between target and retrained model. */
    public Standing standing(Cell cell) {
      return Standing.of(scores().headline(), target, cell.figures(), retrained);
    }

    /** The cells of a method at its chosen rate, by seed; none while its grid is not done. */
    public List<Cell> finals(String method) {
      return cells.stream()
          .filter(cell -> cell.method().equals(method))
          .filter(cell -> Double.valueOf(cell.learningRate()).equals(chosen.get(method)))
          .toList();
    }

    /**
     * The figures of a method over its seeds: the mean of the means and of the bounds of the
     * intervals, which are over questions.
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

    /** The two-sided reading of a method. */
    public SortedMap<String, TwoSided> readings(String method) {
      return TwoSided.of(scores(), target, figures(method), retrained);
    }

    /** Whether no other final cell of the study is better in both ways. */
    public boolean isOnFront(Cell cell) {
      Standing standing = standing(cell);
      return cell.failure().isEmpty()
          && chosen.keySet().stream()
              .flatMap(method -> finals(method).stream())
              .noneMatch(other -> other.failure().isEmpty() && standing(other).dominates(standing));
    }
  }

  /**
   * One model that was unlearned and evaluated.
   *
   * @param fingerprint of the models, data and settings that it was made of
   * @param method its name in the configuration
   * @param learningRate peak
   * @param seed of unlearning
   * @param seconds for unlearning and evaluation
   * @param failure why there are no figures: DIVERGED or NO_EFFECT
   * @param figures with confidence intervals
   */
  public record Cell(
      String fingerprint,
      String method,
      double learningRate,
      long seed,
      double seconds,
      Optional<String> failure,
      SortedMap<String, Figure> figures) {
    /** The same cell with figures computed anew. */
    public Cell withFigures(SortedMap<String, Figure> found) {
      return new Cell(fingerprint, method, learningRate, seed, seconds, failure, found);
    }
  }

  /**
   * A part of the forget set, unlearned for itself or after those before it.
   *
   * @param kind scalability or sustainability
   * @param fold from 1
   * @param cell what came of it
   */
  public record FoldCell(String kind, int fold, Cell cell) {}

  /** Two numbers for each benchmark and method: forgetting and utility, over seeds. */
  public SortedMap<String, Double> headlines() {
    SortedMap<String, Double> headlines = new TreeMap<>();
    for (BenchmarkResult result : benchmarks) {
      for (String method : result.chosen().keySet()) {
        List<Standing> standings =
            result.finals(method).stream()
                .filter(cell -> cell.failure().isEmpty())
                .map(result::standing)
                .toList();
        if (!standings.isEmpty()) {
          String name = result.benchmark() + "." + method.toLowerCase(Locale.ROOT);
          headlines.put(
              name + ".forgetting",
              standings.stream().mapToDouble(Standing::forgetting).average().orElseThrow());
          headlines.put(
              name + ".utility",
              standings.stream().mapToDouble(Standing::utility).average().orElseThrow());
        }
      }
    }
    return headlines;
  }
}
