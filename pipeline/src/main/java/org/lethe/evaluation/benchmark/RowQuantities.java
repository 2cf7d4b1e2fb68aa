package org.lethe.evaluation.benchmark;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.lethe.evaluation.AreaUnderCurve;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.TextEnd;
import org.lethe.evaluation.TextMetrics;

/**
 * Turns the figures of single rows into quantities of samples, and computes membership areas from
 * them.
 */
final class RowQuantities {
  /** Suffix of sets of held-out texts, which serve membership inference only. */
  static final String HOLDOUT = "holdout";

  private static final List<Metric> MEMBERSHIP =
      List.of(
          Metric.LOSS,
          Metric.MIN_K,
          Metric.MIN_K_PLUS_PLUS,
          Metric.ZLIB,
          Metric.GRADIENT_NORM,
          Metric.REFERENCE_LOSS);

  /** Metrics averaged over rows in every benchmark that generates text. */
  private static final List<Metric> SHOWN =
      List.of(
          Metric.PROBABILITY,
          Metric.ROUGE_L_RECALL,
          Metric.EXACT_MATCH,
          Metric.EXACT_MEMORISATION,
          Metric.EXTRACTION_STRENGTH,
          Metric.BLANK,
          Metric.REPETITION);

  private RowQuantities() {}

  /**
   * Returns every metric of a row by its key. Computes the metrics of the texts again, so that rows
   * of other tools need no metrics.
   */
  static Map<String, Double> of(EvaluationRow row) {
    Map<String, Double> quantities = new LinkedHashMap<>();
    row.metrics().forEach((metric, value) -> quantities.put(metric.key(), value));
    row.generated()
        .ifPresent(
            text -> {
              TextMetrics.ALL.forEach(metric -> quantities.remove(metric.key()));
              TextMetrics.of(row.expected(), text, TextEnd.recorded(row.metrics()))
                  .forEach((metric, value) -> quantities.put(metric.key(), value));
            });
    return quantities;
  }

  /** Puts the means of a group's shown metrics as {@code GROUP.METRIC}. */
  static void putMeans(SortedMap<String, Double> figures, Samples samples, String group) {
    for (Metric metric : SHOWN) {
      if (samples.has(group, metric.key())) {
        figures.putIfAbsent(group + "." + metric.key(), samples.mean(group, metric.key()));
      }
    }
  }

  /**
   * Puts the areas under the membership inference curves. An area is the probability that a
   * held-out text looks less like training data than a text of the members' group: 1 if the members
   * are clearly known, 0.5 if nothing shows. With a reference, also puts PrivLeak (MUSE, arXiv
   * 2407.06460) by Min-K, with open-unlearning's sign.
   */
  static void putMembership(
      SortedMap<String, Double> figures,
      Samples samples,
      Optional<Samples> reference,
      String members,
      String others) {
    putAreas(figures, samples, members, others);
    Optional<Double> area = area(samples, members, others, Metric.MIN_K.key());
    Optional<Double> retrained =
        reference.flatMap(model -> area(model, members, others, Metric.MIN_K.key()));
    if (area.isPresent() && retrained.isPresent() && retrained.get() < 1) {
      figures.put("membership.privleak", privLeak(1 - area.get(), 1 - retrained.get()));
    }
  }

  /** Puts the areas only. A score that some row lacks has no area. */
  static void putAreas(
      SortedMap<String, Double> figures, Samples samples, String members, String others) {
    for (Metric metric : MEMBERSHIP) {
      area(samples, members, others, metric.key())
          .ifPresent(area -> figures.put("membership." + metric.key() + "-auc", area));
    }
  }

  /** Returns 100 (AUC - AUC of the retrained model) / AUC of the retrained model. */
  static double privLeak(double area, double retrained) {
    return 100 * (area - retrained) / retrained;
  }

  private static Optional<Double> area(
      Samples samples, String members, String others, String quantity) {
    return samples.has(members, quantity) && samples.has(others, quantity)
        ? Optional.of(
            AreaUnderCurve.of(samples.of(others, quantity), samples.of(members, quantity)))
        : Optional.empty();
  }

  /** Returns the rows of one set by id. */
  static Map<String, EvaluationRow> byId(Iterable<EvaluationRow> rows, String set) {
    Map<String, EvaluationRow> found = new HashMap<>();
    for (EvaluationRow row : rows) {
      if (row.set().equals(set)) {
        found.put(row.id(), row);
      }
    }
    return found;
  }
}
