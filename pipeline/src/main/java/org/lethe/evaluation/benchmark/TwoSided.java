package org.lethe.evaluation.benchmark;

import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.Figure;

/**
 * One figure of three models: the target that knew everything, the unlearned model, and the model
 * retrained without the forget set. Forgetting can fail in two ways: some knowledge remains, or
 * more is destroyed than retraining would have lost. The verdict reports both.
 *
 * @param target figure before unlearning
 * @param unlearned figure after unlearning
 * @param retrained figure that unlearning should have reached
 * @param verdict the comparison
 */
public record TwoSided(Figure target, Figure unlearned, Figure retrained, Verdict verdict) {
  /** Results of a comparison. Two figures agree if either mean lies within the other's interval. */
  public enum Verdict {
    /** Agrees with the retrained model. */
    AS_RETRAINED("as retrained"),
    /** Agrees with the target, or lies beyond it. */
    NOT_FORGOTTEN("not forgotten"),
    /** Lies between target and retrained model and agrees with neither. */
    PARTLY_FORGOTTEN("partly forgotten"),
    /** Lies beyond the retrained model: more is gone than the target had learned. */
    OVER_FORGOTTEN("over-forgotten"),
    /** All three agree, so the figure says nothing about forgetting. */
    NOTHING_TO_FORGET("nothing to forget"),
    /** Target and retrained model agree, and the unlearned one differs from both. */
    CHANGED("changed, with nothing to forget"),
    /** Agrees with the target on knowledge to keep. */
    KEPT("kept"),
    /** Is below the target on knowledge to keep. */
    LOST("lost"),
    /** Is above the target on knowledge to keep. */
    GAINED("gained"),
    /** Not judged. */
    NONE("");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** The verdict as text for reports. */
    public String words() {
      return words;
    }
  }

  /** Compares one figure. */
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

  /** Compares all figures that the three models have in common. */
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
    // If wide intervals let both agree, the nearer one decides.
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
   * Returns the position of a value between the target's and the retrained one: 0 nothing
   * forgotten, 1 as retrained, above 1 over-forgotten.
   */
  public static double share(double target, double unlearned, double retrained) {
    return (unlearned - target) / (retrained - target);
  }

  /**
   * Returns 1 if the value equals the retrained one, 0 if it is as far from it as the target's. Not
   * defined if target and retrained model agree exactly.
   */
  public static double closeness(double target, double unlearned, double retrained) {
    return Math.max(0, 1 - Math.abs(1 - share(target, unlearned, retrained)));
  }
}
