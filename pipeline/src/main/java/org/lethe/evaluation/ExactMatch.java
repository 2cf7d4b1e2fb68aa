package org.lethe.evaluation;

import java.util.Locale;

/** Equality of answers as in SemEval-2025 Task 4's knowledge score: stripped, in lower case. */
public final class ExactMatch {
  private ExactMatch() {}

  /** Returns 1 if the whole generated text equals the expected one, otherwise 0. */
  public static double score(String expected, String generated) {
    return normalised(expected).equals(normalised(generated)) ? 1 : 0;
  }

  private static String normalised(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
