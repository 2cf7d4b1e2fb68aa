package org.lethe.evaluation.monitor;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Metric;

/**
 * The level that counts as forgotten: the 95 % interval of unseen rows before unlearning.
 *
 * @param metrics figures that must lie inside, at least one; the first one steers the search
 *     between two checkpoints
 * @param margin by which the interval is wider on both sides, 0 or more
 */
public record ForgetTarget(List<Metric> metrics, double margin) implements Serializable {
  /** Metrics that a target may use: those for which less means more forgotten. */
  public static final Set<Metric> METRICS =
      Set.of(Metric.PROBABILITY, Metric.EXACT_MEMORISATION, Metric.EXTRACTION_STRENGTH);

  public ForgetTarget {
    metrics = List.copyOf(metrics);
    if (metrics.isEmpty() || !METRICS.containsAll(metrics) || !(margin >= 0)) {
      throw new IllegalArgumentException(
          "Invalid forget target: " + metrics + ", margin " + margin);
    }
  }

  /**
   * Compares forget rows with unseen rows.
   *
   * @param unseen unseen rows before unlearning
   */
  public Forgetting compare(SetReading forget, SetReading unseen) {
    boolean below = false;
    for (Metric metric : metrics) {
      double mean = forget.figure(metric).mean();
      Figure interval = unseen.figure(metric);
      if (mean > interval.high() + margin) {
        return Forgetting.NOT_FORGOTTEN;
      }
      below |= mean < interval.low() - margin;
    }
    return below ? Forgetting.OVER_FORGOTTEN : Forgetting.LIKE_UNSEEN;
  }

  /** Whether the first figure is above the mean of unseen rows. */
  boolean isAboveMiddle(SetReading forget, SetReading unseen) {
    Metric first = metrics.get(0);
    return forget.figure(first).mean() > unseen.figure(first).mean();
  }

  /** Largest distance of a figure from the interval; 0 if all are inside. */
  public double distance(SetReading forget, SetReading unseen) {
    double largest = 0;
    for (Metric metric : metrics) {
      double mean = forget.figure(metric).mean();
      Figure interval = unseen.figure(metric);
      largest =
          Math.max(
              largest, Math.max(mean - interval.high() - margin, interval.low() - margin - mean));
    }
    return largest;
  }
}
