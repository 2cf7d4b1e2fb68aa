package org.lethe.text.jinja.runtime;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Python's {@code str} and {@code repr}. */
public final class Representation {
  private static final int MOST_DEPTH = 50;

  private Representation() {}

  /** What {@code {{ value }}} prints. */
  public static String printed(Object value) {
    return value instanceof Markup markup ? markup.text() : text(value);
  }

  /**
   * What a page prints: text that is not marked as safe is escaped.
   *
   * @throws JinjaException if there is no value
   */
  public static String html(Object value) {
    if (value instanceof Undefined) {
      throw new JinjaException("a printed value is missing");
    }
    return value instanceof Markup markup
        ? markup.text()
        : Markup.escaped(text(value)).text().replace("&#34;", "&quot;");
  }

  /** Python's {@code str}. */
  public static String text(Object value) {
    if (value instanceof String text) {
      return text;
    } else if (value instanceof Undefined) {
      return "";
    }
    return repr(value, 0);
  }

  /** Python's {@code repr}. */
  static String repr(Object value) {
    return repr(value, 0);
  }

  private static String repr(Object value, int depth) {
    if (depth > MOST_DEPTH) {
      throw new JinjaException("values nest deeper than " + MOST_DEPTH);
    }
    if (value instanceof None) {
      return "None";
    } else if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    } else if (value instanceof Long) {
      return value.toString();
    } else if (value instanceof Double number) {
      return decimal(number);
    } else if (value instanceof String text) {
      return quoted(text);
    } else if (value instanceof List<?> list) {
      return "[" + elements(list, depth) + "]";
    } else if (value instanceof Tuple tuple) {
      String comma = tuple.elements().size() == 1 ? "," : "";
      return "(" + elements(tuple.elements(), depth) + comma + ")";
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> repr(e.getKey(), depth + 1) + ": " + repr(e.getValue(), depth + 1))
          .collect(Collectors.joining(", ", "{", "}"));
    } else if (value instanceof View view && view.kind() != View.Kind.RANGE) {
      String name = view.kind().name().toLowerCase(java.util.Locale.ROOT);
      return name + "([" + elements(view.elements(), depth) + "])";
    } else if (value instanceof Undefined) {
      return "Undefined";
    }
    throw JinjaException.unsupported("printing " + Values.kind(value));
  }

  private static String elements(List<?> elements, int depth) {
    return elements.stream().map(e -> repr(e, depth + 1)).collect(Collectors.joining(", "));
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder quoted = new StringBuilder().append(quote);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                  if (c == quote) {
                    quoted.append('\\').append(quote);
                  } else if (isPrintable(c)) {
                    quoted.appendCodePoint(c);
                  } else {
                    String form = c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x";
                    quoted.append(String.format(java.util.Locale.ROOT, form, c));
                  }
                }
              }
            });
    return quoted.append(quote).toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /** The shortest decimal that reads back as the same double, in Python's notation. */
  static String decimal(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    } else if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    } else if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= 17; digits++) {
      shortest = exact.round(new MathContext(digits));
      if (shortest.doubleValue() == value) {
        break;
      }
    }
    BigDecimal stripped = shortest.stripTrailingZeros();
    String digits = stripped.unscaledValue().abs().toString();
    int exponent = digits.length() - stripped.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      String size = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
      return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + size;
    }
    String plain = stripped.abs().toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }
}
