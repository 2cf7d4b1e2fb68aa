package org.lethe.evaluation.benchmark;

import java.util.SortedMap;
import org.lethe.evaluation.Figure;

/**
 * Position of an unlearned model between target and retrained model, in two numbers.
 *
 * @param forgetting mean of {@link TwoSided#closeness} over the forget figures at which the target
 *     differs from the retrained model, since the others have no position between the two: 1 if
 *     they equal the retrained model's, 0 if they are as far from it as the target's, on either
 *     side. So destroying too much counts like forgetting too little
 * @param utility the utility figure divided by the target's; above 1 if it grew
 */
public record RelativePosition(double forgetting, double utility) {
  /**
   * Computes the position from the figures of three models. A model without figures has 0 and 0.
   */
  public static RelativePosition of(
      Benchmark.Headline headline,
      SortedMap<String, Figure> target,
      SortedMap<String, Figure> unlearned,
      SortedMap<String, Figure> retrained) {
    double forgetting =
        headline.forgetting().stream()
            .filter(name -> unlearned.containsKey(name) && target.containsKey(name))
            .filter(retrained::containsKey)
            .filter(name -> target.get(name).mean() != retrained.get(name).mean())
            .mapToDouble(
                name ->
                    TwoSided.closeness(
                        target.get(name).mean(),
                        unlearned.get(name).mean(),
                        retrained.get(name).mean()))
            .average()
            .orElse(0);
    String kept = headline.utility(target);
    Figure before = target.get(kept);
    Figure after = unlearned.get(kept);
    double utility =
        before == null || after == null || before.mean() == 0 ? 0 : after.mean() / before.mean();
    return new RelativePosition(forgetting, utility);
  }

  /**
   * Returns the harmonic mean of both, without any gain in utility. It decides the learning rate.
   */
  public double score() {
    double kept = Math.min(1, utility);
    return forgetting <= 0 || kept <= 0 ? 0 : 2 * forgetting * kept / (forgetting + kept);
  }

  /** Whether this one is at least as good in both numbers and better in one. */
  public boolean dominates(RelativePosition other) {
    return forgetting >= other.forgetting
        && utility >= other.utility
        && (forgetting > other.forgetting || utility > other.utility);
  }
}
