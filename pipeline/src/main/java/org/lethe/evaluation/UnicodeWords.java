package org.lethe.evaluation;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Divides text of any script into words. A word is a run of letters, digits and their marks.
 * Scripts that do not put spaces between words (Chinese, Japanese, Thai and others) have one word
 * per letter. Text is compared in lower case and in the normal form NFKC, so full-width digits and
 * composed letters equal their plain forms.
 *
 * <p>A word of a-z and 0-9 with more than three letters is stemmed as in rouge-score. So ASCII text
 * has the same words as there.
 */
final class UnicodeWords {
  /** Scripts without spaces between words. */
  private static final Set<UnicodeScript> WITHOUT_SPACES =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.YI,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR,
          UnicodeScript.TIBETAN,
          UnicodeScript.JAVANESE,
          UnicodeScript.BALINESE,
          UnicodeScript.TAI_THAM,
          UnicodeScript.TAI_LE,
          UnicodeScript.NEW_TAI_LUE,
          UnicodeScript.TAI_VIET);

  private static final int LONGEST_UNSTEMMED = 3;

  private UnicodeWords() {}

  /** Returns the words of a text; none if it has no letter and no digit. */
  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean single = false;
    for (int c : normalised(text)) {
      if (isMark(c)) {
        // A mark belongs to the letter before it. Without one it separates nothing.
        if (!word.isEmpty()) {
          word.appendCodePoint(c);
        }
        continue;
      }
      boolean letter = Character.isLetterOrDigit(c);
      boolean alone = letter && WITHOUT_SPACES.contains(UnicodeScript.of(c));
      if (!letter || alone || single) {
        end(word, words);
      }
      if (letter) {
        word.appendCodePoint(c);
      }
      single = alone;
    }
    end(word, words);
    return words;
  }

  /** Returns every character but white space, for texts without letters and digits. */
  static List<String> symbols(String text) {
    List<String> symbols = new ArrayList<>();
    for (int c : normalised(text)) {
      if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
        symbols.add(Character.toString(c));
      }
    }
    return symbols;
  }

  private static int[] normalised(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .toArray();
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || c == '\u200c' // joiners within words of Persian and Indic scripts
        || c == '\u200d';
  }

  private static void end(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      String found = word.toString();
      words.add(isStemmed(found) ? PorterStemmer.stem(found) : found);
      word.setLength(0);
    }
  }

  private static boolean isStemmed(String word) {
    return word.length() > LONGEST_UNSTEMMED
        && word.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }
}
