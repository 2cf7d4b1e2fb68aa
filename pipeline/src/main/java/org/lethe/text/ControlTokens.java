package org.lethe.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tokens by which a model tells turns and texts apart, as written: {@code </s>}, {@code
 * <|im_end|>}. In a row they are ordinary text.
 *
 * <p>A chat template joins rows with control tokens of its own. So that both can be told apart in
 * the result, {@link #marked} breaks the control tokens of a row by a mark before the template sees
 * it. The mark is a character that Unicode reserves for such uses; one that stands in the row
 * itself is doubled.
 */
public final class ControlTokens {
  /** Breaks a control token that is text. */
  private static final char MARK = '\ufdd0';

  private static final Pattern MARKS = Pattern.compile(MARK + "(" + MARK + "?)");

  /** Encloses a control token that is control, see {@link #isolated}. */
  static final char FENCE = '\ufdd1';

  private final Set<String> tokens;
  private final Set<Character> firsts;

  /** Lengths of tokens, the longest first: a token takes precedence over one that begins it. */
  private final int[] lengths;

  ControlTokens(Collection<String> tokens) {
    this.tokens = new HashSet<>(tokens);
    this.tokens.remove("");
    this.firsts = this.tokens.stream().map(t -> t.charAt(0)).collect(Collectors.toSet());
    this.lengths =
        this.tokens.stream()
            .map(String::length)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** The tokens as written. */
  public Set<String> tokens() {
    return Set.copyOf(tokens);
  }

  /** Whether a text contains one of these tokens. */
  public boolean in(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (lengthAt(text, i) > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Number of these tokens that a text contains.
   *
   * @param except a token that does not count
   */
  long count(String text, String except) {
    long[] found = new long[1];
    replaced(
        text,
        token -> {
          found[0] += token.equals(except) ? 0 : 1;
          return token;
        });
    return found[0];
  }

  /** Returns the length of the longest token at a position, or 0. */
  private int lengthAt(String text, int position) {
    if (firsts.contains(text.charAt(position))) {
      for (int length : lengths) {
        int end = position + length;
        if (end <= text.length() && tokens.contains(text.substring(position, end))) {
          return length;
        }
      }
    }
    return 0;
  }

  private String replaced(String text, UnaryOperator<String> replacement) {
    StringBuilder replaced = new StringBuilder();
    int position = 0;
    while (position < text.length()) {
      int length = lengthAt(text, position);
      if (length > 0) {
        replaced.append(replacement.apply(text.substring(position, position + length)));
        position += length;
      } else {
        replaced.append(text.charAt(position++));
      }
    }
    return replaced.toString();
  }

  /** Returns a text of a row in which every control token is broken by a mark. */
  String marked(String text) {
    return replaced(text.replace(String.valueOf(MARK), MARK + "" + MARK), ControlTokens::broken);
  }

  private static String broken(String token) {
    int first = token.offsetByCodePoints(0, 1);
    return token.substring(0, first) + MARK + token.substring(first);
  }

  /** Whether a rendered text has marks. */
  static boolean hasMarks(String rendered) {
    return rendered.indexOf(MARK) >= 0;
  }

  /**
   * Returns a rendered text without marks, in which the control tokens that the template wrote are
   * enclosed in fences.
   */
  String isolated(String rendered) {
    String fenced = replaced(rendered, token -> FENCE + token + FENCE);
    return MARKS.matcher(fenced).replaceAll("$1");
  }
}
