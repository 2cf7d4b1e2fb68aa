package org.lethe.reveal.search;

import java.util.List;
import java.util.Optional;

/** When to stop revealing and releasing anew. */
public final class IterationStop {
  private IterationStop() {}

  /** Why there is no further iteration. */
  public enum Reason {
    /** Held-out facts are no better known of the subject than of substitutes. */
    FORGOTTEN,
    /** The retain loss rose over its budget; the iteration before is the one to keep. */
    RETAIN_BUDGET,
    /** The model revealed nothing that was kept. */
    NOTHING_REVEALED,
    ITERATIONS
  }

  /**
   * One iteration's figures.
   *
   * @param revealed rows that it trained on
   * @param heldOutAccuracy share of the held-out facts answered for the subject, after it
   * @param substituteAccuracy the same with substitute names
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
   * @param iterations most iterations
   * @param margin by which held-out accuracy may be above that with substitutes; -1 to go on
   *     whatever they are
   * @param retainRise largest rise of the retain loss over the original model's, in nats per token:
   *     0.1 is a perplexity 1.1 times as high, whatever it was. A share of the loss would stop at
   *     once where the model knows by heart what is to be kept
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
   * Decides after each iteration.
   *
   * @param originalRetainLoss of the model before the first iteration
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
