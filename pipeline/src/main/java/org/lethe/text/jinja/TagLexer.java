package org.lethe.text.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.text.jinja.Token.Kind;
import org.lethe.text.jinja.runtime.JinjaException;

/** Reads the tokens inside a tag, one at a time. */
final class TagLexer {
  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)(\\d+_)*\\d+((\\.(\\d+_)*\\d+)?[eE][+-]?(\\d+_)*\\d+|\\.(\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile("0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[1-9](_?\\d)*|0(_?0)*");
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}]*");
  private static final Pattern STRING =
      Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]");

  private final String source;
  private final Deque<String> open = new ArrayDeque<>();
  private int position;
  private int line;

  TagLexer(String source, int position, int line) {
    this.source = source;
    this.position = position;
    this.line = line;
  }

  int position() {
    return position;
  }

  int line() {
    return line;
  }

  boolean insideBrackets() {
    return !open.isEmpty();
  }

  /** Returns the next token, or empty for white space. */
  Optional<Token> next() {
    if (position >= source.length()) {
      throw new JinjaException("unexpected end of the template").inLine(line);
    }
    if (match(SPACE).isPresent()) {
      return Optional.empty();
    }
    int begin = line;
    return match(FLOAT)
        .map(text -> new Token(Kind.FLOAT, text.replace("_", ""), begin))
        .or(() -> match(INTEGER).map(text -> new Token(Kind.INTEGER, digits(text), begin)))
        .or(() -> match(NAME).map(text -> new Token(Kind.NAME, text, begin)))
        .or(() -> match(STRING).map(text -> new Token(Kind.STRING, string(text), begin)))
        .or(() -> match(OPERATOR).map(text -> new Token(Kind.OPERATOR, balanced(text), begin)))
        .or(
            () -> {
              throw new JinjaException("unexpected character " + source.charAt(position))
                  .inLine(begin);
            });
  }

  private Optional<String> match(Pattern pattern) {
    Matcher matcher =
        pattern
            .matcher(source)
            .region(position, source.length())
            .useTransparentBounds(true)
            .useAnchoringBounds(false);
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    String text = matcher.group();
    position = matcher.end();
    line += (int) text.chars().filter(c -> c == '\n').count();
    return Optional.of(text);
  }

  private String string(String quoted) {
    try {
      return StringLiteral.text(quoted.substring(1, quoted.length() - 1));
    } catch (JinjaException e) {
      throw e.inLine(line);
    }
  }

  /** Returns the digits as a decimal number. */
  private static String digits(String text) {
    String plain = text.replace("_", "");
    if (plain.length() < 2 || !Character.isLetter(plain.charAt(1))) {
      return plain;
    }
    int base =
        switch (Character.toLowerCase(plain.charAt(1))) {
          case 'b' -> 2;
          case 'o' -> 8;
          default -> 16;
        };
    return new java.math.BigInteger(plain.substring(2), base).toString();
  }

  private String balanced(String operator) {
    switch (operator) {
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "{" -> open.push("}");
      case ")", "]", "}" -> {
        if (open.isEmpty() || !open.pop().equals(operator)) {
          throw new JinjaException("unexpected " + operator).inLine(line);
        }
      }
      default -> {}
    }
    return operator;
  }
}
