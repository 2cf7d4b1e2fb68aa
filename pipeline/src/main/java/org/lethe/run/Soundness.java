package org.lethe.run;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationFigures;

/**
 * Detects a model that training did not change, and one that it broke. Both can look good on a
 * forget set alone: a model with only blank answers has also forgotten.
 *
 * @param collapseLimit allowed rise of the share of blank or repetitive answers to the retain set,
 *     from 0 to 1
 */
public record Soundness(double collapseLimit) {
  /** |after - before| / |before| below which training had no effect; FLOAT itself resolves 6e-8. */
  private static final double LEAST_CHANGE = 1e-9;

  /** Figures that rise when a model degenerates. */
  private static final String[] DEGENERATE = {"retain.blank", "retain.repetition"};

  public Soundness {
    if (!(collapseLimit >= 0 && collapseLimit <= 1)) {
      throw new IllegalArgumentException(
          "Invalid collapse limit: " + collapseLimit + ", expected 0 to 1");
    }
  }

  /**
   * Fails if training changed nothing.
   *
   * @param initialDigest digest of the weights before training
   * @param finalDigest digest of the weights after training
   * @param relativeChange norm of the change divided by the norm of the parameters, if known
   * @throws LetheException NO_EFFECT
   */
  public static void requireEffect(
      String initialDigest, String finalDigest, OptionalDouble relativeChange) {
    if (initialDigest.equals(finalDigest)) {
      throw RunErrors.noEffect("the weights have the same digest as before");
    }
    if (relativeChange.isPresent() && !(relativeChange.getAsDouble() >= LEAST_CHANGE)) {
      throw RunErrors.noEffect(
          "the weights changed by " + relativeChange.getAsDouble() + " of their norm");
    }
  }

  /**
   * Returns a failure if the model collapsed. The caller throws it or records it. Without generated
   * texts nothing is checked, see {@link #limit}.
   */
  public Optional<LetheException> collapse(EvaluationFigures before, EvaluationFigures after) {
    for (String name : DEGENERATE) {
      double most = before.mean(name).orElse(0.0) + collapseLimit;
      Optional<Double> is = after.mean(name);
      if (is.isPresent() && is.get() > most) {
        return Optional.of(
            RunErrors.collapsed(name, is.get(), String.format(Locale.ROOT, "at most %.4g", most)));
      }
    }
    return Optional.empty();
  }

  /** Returns what the record has to say if {@link #collapse} had nothing to check. */
  public static Optional<String> limit(EvaluationFigures after) {
    for (String name : DEGENERATE) {
      if (after.mean(name).isEmpty()) {
        return Optional.of(
            "No texts were generated for the retain set, so nothing shows whether the model"
                + " collapsed.");
      }
    }
    return Optional.empty();
  }
}
