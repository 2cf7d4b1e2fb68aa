package org.lethe.corpus.find;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Splits a text into words for finding names: runs of letters and digits after compatibility
 * normalisation (NFKC), in lower case, without accents of Latin, Greek and Cyrillic letters. In
 * scripts that do not separate words, each letter is a word.
 */
final class FoldedWords {
  /** Latin letters that do not decompose into a base letter and a mark. */
  private static final Map<Character, String> FOLDS =
      Map.ofEntries(
          Map.entry('ł', "l"),
          Map.entry('ø', "o"),
          Map.entry('đ', "d"),
          Map.entry('ð', "d"),
          Map.entry('ħ', "h"),
          Map.entry('ı', "i"),
          Map.entry('ß', "ss"),
          Map.entry('æ', "ae"),
          Map.entry('œ', "oe"),
          Map.entry('þ', "th"));

  private FoldedWords() {}

  static List<String> of(String text) {
    String lower = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    String normal = isAscii(lower) ? lower : Normalizer.normalize(lower, Normalizer.Form.NFD);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < normal.length(); ) {
      int point = normal.codePointAt(i);
      i += Character.charCount(point);
      if (isAccent(point)) {
        continue;
      }
      if (!isPartOfWord(point)) {
        flush(word, words);
      } else if (standsAlone(point)) {
        flush(word, words);
        words.add(Character.toString(point));
      } else {
        append(word, point);
      }
    }
    flush(word, words);
    return words;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }

  /** Combining diacritical marks. Vowel signs of other scripts are letters to a reader. */
  private static boolean isAccent(int point) {
    return point >= 0x0300 && point <= 0x036F;
  }

  private static boolean isPartOfWord(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
      default -> Character.isLetterOrDigit(point);
    };
  }

  private static boolean standsAlone(int point) {
    if (point < 0x0E00) {
      return false;
    }
    return switch (UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }

  private static void append(StringBuilder word, int point) {
    String fold = point <= Character.MAX_VALUE ? FOLDS.get((char) point) : null;
    if (fold == null) {
      word.appendCodePoint(point);
    } else {
      word.append(fold);
    }
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
