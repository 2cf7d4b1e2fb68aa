package org.lethe.evaluation;

import java.util.SortedMap;

/**
 * Where an unlearned model stands between target and retrained model, in two numbers.
 *
 * @param forgetting mean over the benchmark's forget figures of {@link TwoSided#closeness}: 1 where
 *     they are those of the retrained model, 0 where they are as far from them as the target's, on
 *     either side; so destroying too much counts like forgetting too little
 * @param utility the utility figure by that of the target; above 1 where it grew
 */
public record Standing(double forgetting, double utility) {
  /** From the figures of the three models. A model without figures stands at 0 and 0. */
  public static Standing of(
      Benchmark.Headline headline,
      SortedMap<String, Figure> target,
      SortedMap<String, Figure> unlearned,
      SortedMap<String, Figure> retrained) {
    double forgetting =
        headline.forgetting().stream()
            .filter(name -> unlearned.containsKey(name) && target.containsKey(name))
            .filter(retrained::containsKey)
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
    return new Standing(forgetting, utility);
  }

  /** Harmonic mean of both, a gain in utility not counted: what learning rates are chosen by. */
  public double score() {
    double kept = Math.min(1, utility);
    return forgetting <= 0 || kept <= 0 ? 0 : 2 * forgetting * kept / (forgetting + kept);
  }

  /** Whether this one is at least as good in both and better in one. */
  public boolean dominates(Standing other) {
    return forgetting >= other.forgetting
        && utility >= other.utility
        && (forgetting > other.forgetting || utility > other.utility);
  }
}
