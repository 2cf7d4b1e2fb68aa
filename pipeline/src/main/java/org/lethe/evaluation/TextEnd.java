package org.lethe.evaluation;

import java.util.Map;

/** How the generation of a text ended. */
public enum TextEnd {
  /** The model ended the text. */
  BY_MODEL,
  /** The limit of new tokens ended it. The limit had room for the whole expected answer. */
  AT_LIMIT,
  /** The limit, or the model's context, ended it before the expected answer could be complete. */
  CUT_SHORT;

  /**
   * Returns the end of a generated text.
   *
   * @param stopped whether the model ended it
   * @param tokens number of generated tokens
   * @param needed number of tokens of the expected answer, end token included
   */
  static TextEnd of(boolean stopped, int tokens, int needed) {
    if (stopped) {
      return BY_MODEL;
    }
    return tokens < needed ? CUT_SHORT : AT_LIMIT;
  }

  /** Returns the end that a row's metrics record. Rows of other tools record none: by the model. */
  public static TextEnd recorded(Map<Metric, Double> metrics) {
    if (metrics.getOrDefault(Metric.CUT_SHORT, 0.0) > 0) {
      return CUT_SHORT;
    }
    return metrics.getOrDefault(Metric.CUT, 0.0) > 0 ? AT_LIMIT : BY_MODEL;
  }
}
