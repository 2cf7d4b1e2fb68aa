package org.lethe.evaluation;

import java.util.Locale;

/** Equality of answers as SemEval-2025 Task 4 scores knowledge: stripped, in lower case. */
public final class ExactMatch {
  private ExactMatch() {}

  /** 1 where the whole generated text is the expected one, 0 otherwise. */
  public static double score(String expected, String generated) {
    return normalised(expected).equals(normalised(generated)) ? 1 : 0;
  }

  private static String normalised(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
