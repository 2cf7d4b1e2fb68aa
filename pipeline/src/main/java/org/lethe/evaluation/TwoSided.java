package org.lethe.evaluation;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One figure of three models beside each other: the target that knew everything, the unlearned
 * model, and the model retrained without the forget set. Forgetting has two ways to fail: what is
 * left, and what is destroyed beyond what retraining would have done; both are said as plainly.
 *
 * @param target before unlearning
 * @param unlearned after
 * @param retrained what unlearning should have come to
 * @param verdict the reading
 */
public record TwoSided(Figure target, Figure unlearned, Figure retrained, Verdict verdict) {
  /** The readings. Two figures agree where each mean lies within the other's interval. */
  public enum Verdict {
    /** Agrees with the retrained model. */
    AS_RETRAINED("as retrained"),
    /** Agrees with the target, or lies beyond it. */
    NOT_FORGOTTEN("not forgotten"),
    /** Between target and retrained model, agreeing with neither. */
    PARTLY_FORGOTTEN("partly forgotten"),
    /** Beyond the retrained model: more is gone than was learned. */
    OVER_FORGOTTEN("over-forgotten"),
    /** Target and retrained model agree, and so does this one: the figure tells nothing. */
    NOTHING_TO_FORGET("nothing to forget"),
    /** Target and retrained model agree, and this one differs from both. */
    CHANGED("changed, with nothing to forget"),
    /** Agrees with the target on what is to be kept. */
    KEPT("kept"),
    /** Below the target on what is to be kept. */
    LOST("lost"),
    /** Above the target on what is to be kept. */
    GAINED("gained"),
    /** Not judged. */
    NONE("");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** The verdict for people. */
    public String words() {
      return words;
    }
  }

  /** Reads one figure. */
  public static TwoSided of(
      Benchmark.Side side, Figure target, Figure unlearned, Figure retrained) {
    Verdict verdict =
        switch (side) {
          case FORGET -> forgetting(target, unlearned, retrained);
          case KEEP -> keeping(target, unlearned);
          case NEITHER -> Verdict.NONE;
        };
    return new TwoSided(target, unlearned, retrained, verdict);
  }

  /** Reads all figures that the three models have in common. */
  public static SortedMap<String, TwoSided> of(
      Benchmark benchmark,
      SortedMap<String, Figure> target,
      SortedMap<String, Figure> unlearned,
      SortedMap<String, Figure> retrained) {
    SortedMap<String, TwoSided> readings = new TreeMap<>();
    unlearned.forEach(
        (name, figure) -> {
          if (target.containsKey(name) && retrained.containsKey(name)) {
            readings.put(
                name, of(benchmark.side(name), target.get(name), figure, retrained.get(name)));
          }
        });
    return readings;
  }

  private static Verdict forgetting(Figure target, Figure unlearned, Figure retrained) {
    boolean asRetrained = agree(unlearned, retrained);
    boolean asTarget = agree(unlearned, target);
    if (agree(target, retrained)) {
      return asRetrained || asTarget ? Verdict.NOTHING_TO_FORGET : Verdict.CHANGED;
    }
    // Nearness decides where wide intervals let both agree.
    double share = share(target.mean(), unlearned.mean(), retrained.mean());
    if (asRetrained && (!asTarget || share >= 0.5)) {
      return Verdict.AS_RETRAINED;
    }
    if (asTarget || share < 0) {
      return Verdict.NOT_FORGOTTEN;
    }
    return share > 1 ? Verdict.OVER_FORGOTTEN : Verdict.PARTLY_FORGOTTEN;
  }

  private static Verdict keeping(Figure target, Figure unlearned) {
    if (agree(target, unlearned)) {
      return Verdict.KEPT;
    }
    return unlearned.mean() < target.mean() ? Verdict.LOST : Verdict.GAINED;
  }

  private static boolean agree(Figure a, Figure b) {
    return a.low() <= b.mean() && b.mean() <= a.high()
        || b.low() <= a.mean() && a.mean() <= b.high();
  }

  /**
   * How far from the target's value to the retrained one: 0 nothing forgotten, 1 as retrained,
   * above 1 over-forgotten.
   */
  public static double share(double target, double unlearned, double retrained) {
    return (unlearned - target) / (retrained - target);
  }

  /** 1 where the value is that of the retrained model, 0 where it is as far off as the target's. */
  public static double closeness(double target, double unlearned, double retrained) {
    double share = share(target, unlearned, retrained);
    return Double.isFinite(share) ? Math.max(0, 1 - Math.abs(1 - share)) : 0;
  }
}
