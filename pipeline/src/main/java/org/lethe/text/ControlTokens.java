package org.lethe.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
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

  /** Encloses a control token that is control, see {@link #isolated}. */
  static final char FENCE = '\ufdd1';

  private static final Pattern MARKS = Pattern.compile(MARK + "(" + MARK + "?)");

  private final Set<String> tokens;
  private final Pattern pattern;

  ControlTokens(Collection<String> tokens) {
    this.tokens = new TreeSet<>(tokens);
    this.tokens.remove("");
    // The longest first, so that a token takes precedence over one that it begins with.
    this.pattern =
        Pattern.compile(
            this.tokens.stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
  }

  /** The tokens as written. */
  public Set<String> tokens() {
    return Set.copyOf(tokens);
  }

  /** Whether a text contains one of these tokens. */
  public boolean in(String text) {
    return !tokens.isEmpty() && pattern.matcher(text).find();
  }

  /** Returns a text of a row in which every control token is broken by a mark. */
  String marked(String text) {
    if (!in(text) && text.indexOf(MARK) < 0) {
      return text;
    }
    String literal = text.replace(String.valueOf(MARK), MARK + "" + MARK);
    return tokens.isEmpty()
        ? literal
        : pattern
            .matcher(literal)
            .replaceAll(found -> Matcher.quoteReplacement(broken(found.group())));
  }

  private static String broken(String token) {
    int first = token.offsetByCodePoints(0, 1);
    return token.substring(0, first) + MARK + token.substring(first);
  }

  /**
   * Number of these tokens that a text contains.
   *
   * @param except a token that does not count
   */
  long count(String text, String except) {
    return tokens.isEmpty()
        ? 0
        : pattern.matcher(text).results().filter(found -> !found.group().equals(except)).count();
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
    String fenced =
        tokens.isEmpty()
            ? rendered
            : pattern
                .matcher(rendered)
                .replaceAll(found -> Matcher.quoteReplacement(FENCE + found.group() + FENCE));
    return MARKS.matcher(fenced).replaceAll("$1");
  }
}
