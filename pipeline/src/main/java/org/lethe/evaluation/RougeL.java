package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * ROUGE-L (Lin, 2004): the longest common subsequence of the words of two texts.
 *
 * <p>{@link #score} is exactly Google's rouge-score 0.1.2, for parity with published figures. Its
 * words are the runs of a-z and 0-9 of the lower-cased text, so letters outside ASCII separate
 * words, and a text in another script has no words and scores 0. {@link #anyScript} is for gates:
 * it has the same value for ASCII texts and words in every script.
 */
public final class RougeL {
  private RougeL() {}

  /** Whether words are stemmed before the comparison. */
  public enum Stemming {
    /** Porter's algorithm for words of more than three letters, as in TOFU, LUME and others. */
    PORTER,
    /** No stemming, as in MUSE's own code. */
    NONE
  }

  /**
   * Figures of a comparison, each between 0 and 1; all are 0 if either text has no words.
   *
   * @param precision common words divided by words of the generated text
   * @param recall common words divided by words of the reference
   * @param f1 their harmonic mean
   */
  public record Score(double precision, double recall, double f1) {}

  /** Compares a generated text with its reference. */
  public static Score score(String reference, String generated, Stemming stemming) {
    return score(words(reference, stemming), words(generated, stemming));
  }

  /**
   * Compares a generated text with its reference by the words of {@link UnicodeWords}. A reference
   * without letters and digits is compared symbol by symbol. A blank reference has no score.
   */
  public static Optional<Score> anyScript(String reference, String generated) {
    List<String> expected = UnicodeWords.of(reference);
    if (!expected.isEmpty()) {
      return Optional.of(score(expected, UnicodeWords.of(generated)));
    }
    List<String> symbols = UnicodeWords.symbols(reference);
    return symbols.isEmpty()
        ? Optional.empty()
        : Optional.of(score(symbols, UnicodeWords.symbols(generated)));
  }

  private static Score score(List<String> expected, List<String> found) {
    if (expected.isEmpty() || found.isEmpty()) {
      return new Score(0, 0, 0);
    }
    double common = longestCommonSubsequence(expected, found);
    double precision = common / found.size();
    double recall = common / expected.size();
    double f1 = common > 0 ? 2 * precision * recall / (precision + recall) : 0;
    return new Score(precision, recall, f1);
  }

  static List<String> words(String text, Stemming stemming) {
    String lower = text.toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= lower.length(); i++) {
      boolean inWord = i < lower.length() && isWordLetter(lower.charAt(i));
      if (inWord && start < 0) {
        start = i;
      } else if (!inWord && start >= 0) {
        String word = lower.substring(start, i);
        words.add(
            stemming == Stemming.PORTER && word.length() > 3 ? PorterStemmer.stem(word) : word);
        start = -1;
      }
    }
    return words;
  }

  private static boolean isWordLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static int longestCommonSubsequence(List<String> a, List<String> b) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] left = numbered(a, numbers);
    int[] right = numbered(b, numbers);
    int[] row = new int[right.length + 1]; // row[j]: of left[..i] and right[..j]
    for (int word : left) {
      int diagonal = 0;
      for (int j = 1; j <= right.length; j++) {
        int above = row[j];
        row[j] = word == right[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
        diagonal = above;
      }
    }
    return row[right.length];
  }

  private static int[] numbered(List<String> words, Map<String, Integer> numbers) {
    return words.stream()
        .mapToInt(word -> numbers.computeIfAbsent(word, w -> numbers.size()))
        .toArray();
  }
}
