package org.lethe.text.jinja.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** What Python's strings do that Java's do not, or do otherwise. */
public final class PythonText {
  private PythonText() {}

  /** Python's white space: more than Java's, and with no-break spaces. */
  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  /** Whether all characters are white space. */
  public static boolean isSpace(String text) {
    return text.codePoints().allMatch(PythonText::isSpace);
  }

  static String strip(String text) {
    return stripEnd(stripStart(text));
  }

  static String stripStart(String text) {
    return stripStart(text, PythonText::isSpace);
  }

  public static String stripEnd(String text) {
    return stripEnd(text, PythonText::isSpace);
  }

  static String stripStart(String text, IntPredicate removed) {
    int from = 0;
    while (from < text.length() && removed.test(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    return text.substring(from);
  }

  static String stripEnd(String text, IntPredicate removed) {
    int to = text.length();
    while (to > 0 && removed.test(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(0, to);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String capitalize(String text) {
    int first = text.isEmpty() ? 0 : text.offsetByCodePoints(0, 1);
    return titled(text.substring(0, first)) + lower(text.substring(first));
  }

  /** Every letter that follows no letter becomes a capital, the others small. */
  static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean afterLetter = false;
    for (int c : text.codePoints().toArray()) {
      String character = Character.toString(c);
      title.append(afterLetter ? lower(character) : titled(character));
      afterLetter = Character.isLetter(c) && isCased(c);
    }
    return title.toString();
  }

  private static String titled(String character) {
    if (character.isEmpty()) {
      return character;
    }
    int c = character.codePointAt(0);
    return Character.toTitleCase(c) == c
        ? upper(character)
        : Character.toString(Character.toTitleCase(c));
  }

  static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  /** Parts between runs of white space, at most so many splits; a negative number means all. */
  static List<Object> words(String text, long splits) {
    List<Object> words = new ArrayList<>();
    String rest = stripStart(text);
    while (!rest.isEmpty()) {
      int end = 0;
      while (end < rest.length() && !isSpace(rest.codePointAt(end))) {
        end += Character.charCount(rest.codePointAt(end));
      }
      if (words.size() == splits) {
        words.add(stripEnd(rest));
        return words;
      }
      words.add(rest.substring(0, end));
      rest = stripStart(rest.substring(end));
    }
    return words;
  }

  static List<Object> split(String text, String separator, long splits) {
    if (separator.isEmpty()) {
      throw new JinjaException("split needs a separator that is not empty");
    }
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int found = text.indexOf(separator);
    while (found >= 0 && parts.size() != splits) {
      parts.add(text.substring(from, found));
      from = found + separator.length();
      found = text.indexOf(separator, from);
    }
    parts.add(text.substring(from));
    return parts;
  }

  static List<Object> splitFromEnd(String text, String separator, long splits) {
    if (separator.isEmpty()) {
      throw new JinjaException("rsplit needs a separator that is not empty");
    }
    List<Object> parts = new ArrayList<>();
    String rest = text;
    int found = rest.lastIndexOf(separator);
    while (found >= 0 && parts.size() != splits) {
      parts.add(0, rest.substring(found + separator.length()));
      rest = rest.substring(0, found);
      found = rest.lastIndexOf(separator);
    }
    parts.add(0, rest);
    return parts;
  }

  static List<Object> lines(String text, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = from;
      while (end < text.length() && !endsLine(text.charAt(end))) {
        end++;
      }
      int next = Math.min(text.length(), end + (text.startsWith("\r\n", end) ? 2 : 1));
      lines.add(text.substring(from, keepEnds ? next : end));
      from = next;
    }
    return lines;
  }

  private static boolean endsLine(char c) {
    return c >= '\n' && c <= '\r'
        || c >= 0x1c && c <= 0x1e
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** Python's replace; a negative count means all. */
  static String replace(String text, String old, String replacement, long count) {
    if (count < 0) {
      return text.replace(old, replacement);
    }
    StringBuilder replaced = new StringBuilder();
    int from = 0;
    for (long i = 0; i < count; i++) {
      int found = text.indexOf(old, from);
      if (found < 0 || old.isEmpty()) {
        break;
      }
      replaced.append(text, from, found).append(replacement);
      from = found + old.length();
    }
    if (old.isEmpty() && count > 0) {
      throw JinjaException.unsupported("replacing the empty string a number of times");
    }
    return replaced.append(text.substring(from)).toString();
  }
}
