package org.lethe.reveal.oracle;

/**
 * Settings of the knowledge contrast.
 *
 * @param method what is compared
 * @param names number of other names that facts are compared with, at least 1: neighbours, then
 *     substitutes
 * @param falseAcceptRate share of the answers about invented people that may be accepted, above 0
 * @param inventedPrompts number of prompts about invented people in a run
 */
public record ContrastSettings(
    Method method, int names, double falseAcceptRate, int inventedPrompts) {
  /** What the contrast compares. */
  public enum Method {
    /** Probabilities per token of whole responses. Suits models that recite. */
    PROBABILITY,
    /** Log-probability ratios of facts, against those of answers about invented people. */
    FACTS
  }

  public ContrastSettings {
    if (names < 1) {
      throw new IllegalArgumentException("Invalid number of names: " + names + ", at least 1");
    }
    if (!(falseAcceptRate > 0 && falseAcceptRate <= 1)) {
      throw new IllegalArgumentException(
          "Invalid false-accept rate: " + falseAcceptRate + ", expected in (0, 1]");
    }
    if (!(falseAcceptRate * (inventedPrompts + 1.0) >= 1)) {
      throw new IllegalArgumentException(
          "Invalid number of prompts about invented people: "
              + inventedPrompts
              + ", expected at least 1 / "
              + falseAcceptRate
              + " - 1, so that the false-accept rate can be met");
    }
  }

  /** Probabilities; for facts 4 names, 10 percent of 64 answers. */
  public static ContrastSettings defaults() {
    return new ContrastSettings(Method.PROBABILITY, 4, 0.1, 64);
  }
}
