package org.lethe.run;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;

/**
 * Tells a model that training did not change, and one that it broke, from one whose figures mean
 * something. Both look well on a forget set alone: a model that answers everything with blanks has
 * forgotten too.
 *
 * @param collapseLimit how much the share of blank or repeating answers to the retain set may grow,
 *     from 0 to 1
 */
public record Soundness(double collapseLimit) {
  /** |after - before| / |before| below which nothing was trained; FLOAT itself resolves 6e-8. */
  private static final double LEAST_CHANGE = 1e-9;

  /** Figures that grow when a model degenerates. */
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
   * @param initialDigest of the weights before
   * @param finalDigest of the weights after
   * @param relativeChange norm of the change by the norm of the parameters, where it is known
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

  /** What says that the model collapsed, if anything does; to be thrown or written down. */
  public Optional<LetheException> collapse(Map<String, Double> before, Map<String, Double> after) {
    for (Map.Entry<String, Double> figure : after.entrySet()) {
      if (!Double.isFinite(figure.getValue())) {
        return Optional.of(
            RunErrors.collapsed(figure.getKey(), figure.getValue(), "a finite number"));
      }
    }
    for (String name : DEGENERATE) {
      Double is = after.get(name);
      double most = before.getOrDefault(name, 0.0) + collapseLimit;
      if (is != null && is > most) {
        return Optional.of(
            RunErrors.collapsed(name, is, String.format(Locale.ROOT, "at most %.4g", most)));
      }
    }
    return Optional.empty();
  }
}
