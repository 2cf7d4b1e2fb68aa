package org.lethe.text.jinja;

import org.lethe.text.jinja.runtime.JinjaException;

/** Decodes the escapes of a string literal, as Python's codec unicode-escape does. */
final class StringLiteral {
  private static final String LETTERS = "abfnrtv\\'\"";
  private static final String MEANINGS = "\u0007\b\f\n\r\t\u000b\\'\"";

  private StringLiteral() {}

  static String text(String literal) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < literal.length()) {
      char c = literal.charAt(at++);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      if (at == literal.length()) {
        throw new JinjaException("a string ends in a backslash");
      }
      char letter = literal.charAt(at++);
      int known = LETTERS.indexOf(letter);
      if (known >= 0) {
        text.append(MEANINGS.charAt(known));
      } else if (letter == 'x' || letter == 'u' || letter == 'U') {
        int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
        text.appendCodePoint(hexadecimal(literal, at, digits));
        at += digits;
      } else if (letter >= '0' && letter <= '7') {
        int end = at;
        while (end < literal.length() && end < at + 2 && isOctal(literal.charAt(end))) {
          end++;
        }
        text.appendCodePoint(Integer.parseInt(literal.substring(at - 1, end), 8));
        at = end;
      } else if (letter == 'N') {
        throw JinjaException.unsupported("the escape \\N");
      } else if (letter > 0x7f) {
        // Python sees an escaped backslash before a character that is not ASCII.
        throw JinjaException.unsupported("a backslash before a character that is not ASCII");
      } else if (letter != '\n') {
        text.append('\\').append(letter);
      }
    }
    return text.toString();
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private static int hexadecimal(String literal, int from, int digits) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < literal.length() ? Character.digit(literal.charAt(i), 16) : -1;
      if (digit < 0 || value > Character.MAX_CODE_POINT >> 4) {
        throw new JinjaException("an escape in a string has too few or invalid digits");
      }
      value = value * 16 + digit;
    }
    if (!Character.isValidCodePoint(value)) {
      throw new JinjaException("an escape in a string has too few or invalid digits");
    }
    return value;
  }
}
