package org.lethe.reveal.search;

import java.util.List;
import java.util.Optional;

/** Decides when to stop repeating reveal and release. */
public final class IterationStop {
  private IterationStop() {}

  /** Reasons for ending the iterations. */
  public enum Reason {
    /** The model knows held-out facts of the subject no better than those of substitutes. */
    FORGOTTEN,
    /** The retain loss rose above its budget. The previous iteration is the one to keep. */
    RETAIN_BUDGET,
    /** No revealed response was kept. */
    NOTHING_REVEALED,
    ITERATIONS
  }

  /**
   * Figures of one iteration.
   *
   * @param revealed rows that it trained on
   * @param heldOutAccuracy share of the held-out facts answered for the subject after it
   * @param substituteAccuracy the same share with substitute names
   * @param retainLoss mean retain loss after it, in nats
   */
  public record Figures(
      int revealed, double heldOutAccuracy, double substituteAccuracy, double retainLoss) {
    public Figures {
      share("held-out accuracy", heldOutAccuracy);
      share("accuracy with substitutes", substituteAccuracy);
      if (!Double.isFinite(retainLoss)) {
        throw new IllegalArgumentException("Invalid retain loss: " + retainLoss);
      }
    }

    private static void share(String what, double value) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("Invalid " + what + ": " + value + ", from 0 to 1");
      }
    }
  }

  /**
   * @param iterations maximum number of iterations
   * @param margin allowed excess of held-out accuracy over that with substitutes; -1 to continue
   *     regardless
   * @param retainRise maximum rise of the retain loss over the original model's, in nats per token.
   *     0.1 is a perplexity 1.1 times as high, at any level. A relative bound would stop at once if
   *     the model knows the retain data by heart
   */
  public record Settings(int iterations, double margin, double retainRise) {
    public Settings {
      if (iterations < 1 || !(margin >= -1) || !(retainRise >= 0)) {
        throw new IllegalArgumentException(
            "Invalid iteration settings: "
                + iterations
                + " iterations, margin "
                + margin
                + ", retain rise "
                + retainRise);
      }
    }

    /** 4 iterations, margin 0.02, 0.1 nats. */
    public static Settings defaults() {
      return new Settings(4, 0.02, 0.1);
    }
  }

  /**
   * Decides after each iteration whether to stop.
   *
   * @param originalRetainLoss retain loss of the model before the first iteration
   * @param done figures of the iterations so far, at least one
   */
  public static Optional<Reason> decide(
      double originalRetainLoss, List<Figures> done, Settings settings) {
    Figures last = done.get(done.size() - 1);
    if (last.retainLoss() > originalRetainLoss + settings.retainRise()) {
      return Optional.of(Reason.RETAIN_BUDGET);
    }
    if (last.revealed() == 0) {
      return Optional.of(Reason.NOTHING_REVEALED);
    }
    if (last.heldOutAccuracy() <= last.substituteAccuracy() + settings.margin()) {
      return Optional.of(Reason.FORGOTTEN);
    }
    return done.size() >= settings.iterations() ? Optional.of(Reason.ITERATIONS) : Optional.empty();
  }
}
