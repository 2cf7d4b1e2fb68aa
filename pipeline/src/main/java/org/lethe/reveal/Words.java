package org.lethe.reveal;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits a text into words for comparison: runs of letters, marks and digits after compatibility
 * normalisation (NFKC), in lower case. Each ideograph is a word, because such scripts do not
 * separate words.
 */
public final class Words {
  private Words() {}

  public static List<String> of(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < normal.length(); ) {
      int point = normal.codePointAt(i);
      i += Character.charCount(point);
      if (Character.isIdeographic(point)) {
        flush(word, words);
        words.add(Character.toString(point));
      } else if (isPartOfWord(point)) {
        word.appendCodePoint(point);
      } else {
        flush(word, words);
      }
    }
    flush(word, words);
    return words;
  }

  private static boolean isPartOfWord(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> Character.isLetterOrDigit(point);
    };
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  /**
   * Joins the words by single spaces. Texts that differ only in case and punctuation give equal
   * results.
   */
  public static String normal(String text) {
    return String.join(" ", of(text));
  }

  /** Whether a list of words contains another as consecutive words. */
  public static boolean contains(List<String> words, List<String> piece) {
    if (piece.isEmpty()) {
      return false;
    }
    for (int start = 0; start + piece.size() <= words.size(); start++) {
      if (words.subList(start, start + piece.size()).equals(piece)) {
        return true;
      }
    }
    return false;
  }

  /** Returns all runs of n words, or the whole text as one run if it is shorter. */
  public static List<List<String>> grams(List<String> words, int n) {
    if (words.size() <= n) {
      return List.of(List.copyOf(words));
    }
    List<List<String>> grams = new ArrayList<>();
    for (int start = 0; start + n <= words.size(); start++) {
      grams.add(words.subList(start, start + n));
    }
    return grams;
  }
}
