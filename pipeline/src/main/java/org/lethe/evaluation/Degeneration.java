package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Detects degenerate output: blank or repetitive. Unlearning often leaves a model that answers with
 * nothing or in loops, which a forget score alone would count as success.
 */
public final class Degeneration {
  private static final int WORDS = 4;
  private static final int LEAST_LOOP = 16;
  private static final int LEAST_TURNS = 4;

  private Degeneration() {}

  /** Returns 1 if the text contains no letter or digit of any script, otherwise 0. */
  public static double blank(String text) {
    return text.codePoints().noneMatch(Character::isLetterOrDigit) ? 1 : 0;
  }

  /**
   * Returns the larger of two shares, from 0 (no repetition) to 1. The first is the share of word
   * 4-grams that occurred before (seq-rep-4 of Welleck et al., arXiv 1908.04319). The second is the
   * share of the text that is a loop at its end, at least 16 characters long and with at least 4
   * turns. It detects loops within a word and in scripts without spaces.
   */
  public static double repetition(String text) {
    return Math.max(repeatedFourGrams(text), loopAtEnd(text.strip()));
  }

  private static double repeatedFourGrams(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}\\p{N}]+", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    int total = words.size() - WORDS + 1;
    if (total <= 0) {
      return 0;
    }
    Set<List<String>> different = new HashSet<>();
    for (int i = 0; i < total; i++) {
      different.add(words.subList(i, i + WORDS));
    }
    return 1 - (double) different.size() / total;
  }

  private static double loopAtEnd(String text) {
    int longest = 0;
    for (int period = 1; period <= text.length() / LEAST_TURNS; period++) {
      int start = text.length() - period;
      while (start > 0 && text.charAt(start - 1) == text.charAt(start - 1 + period)) {
        start--;
      }
      int loop = text.length() - start;
      if (loop >= LEAST_LOOP && loop >= (long) LEAST_TURNS * period) {
        longest = Math.max(longest, loop);
      }
    }
    return text.isEmpty() ? 0 : (double) longest / text.length();
  }
}
