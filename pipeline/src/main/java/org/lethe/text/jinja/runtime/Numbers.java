package org.lethe.text.jinja.runtime;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;
import org.lethe.text.jinja.runtime.Arguments.Bound;

/** Jinja's filters of numbers. */
final class Numbers {
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+(_\\d+)*");
  private static final Pattern FLOAT =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private Numbers() {}

  static Object toInteger(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter int", "default", "base");
    if (bound.integer("base", 10) != 10) {
      throw JinjaException.unsupported("the filter int with another base than 10");
    }
    if (value instanceof String text && INTEGER.matcher(text.strip()).matches()) {
      try {
        return Long.valueOf(text.strip().replace("_", ""));
      } catch (NumberFormatException e) {
        throw new JinjaException("a number is too large");
      }
    }
    if (value instanceof Long || value instanceof Boolean) {
      return Values.integer(value, "int");
    }
    return number(value).map(n -> (Object) truncated(n)).orElse(bound.or("default", 0L));
  }

  private static long truncated(double number) {
    if (Double.isNaN(number) || Math.abs(number) >= 0x1p62) {
      throw new JinjaException("a number is too large");
    }
    return (long) number;
  }

  static Object toFloat(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter float", "default");
    return number(value).map(Object.class::cast).orElse(bound.or("default", 0.0));
  }

  private static Optional<Double> number(Object value) {
    if (Equality.isNumber(value)) {
      return Optional.of(Equality.number(value));
    } else if (value instanceof String text && FLOAT.matcher(text.strip()).matches()) {
      return Optional.of(Double.valueOf(text.strip()));
    } else if (value instanceof String text
        && text.strip().matches("(?i)[+-]?(inf|infinity|nan)|.*_.*")) {
      throw JinjaException.unsupported("this form of a number");
    } else if (value instanceof Undefined undefined) {
      throw undefined.used();
    }
    return Optional.empty();
  }

  static Object absolute(Object value, Arguments arguments) {
    arguments.bind("the filter abs");
    if (value instanceof Double number) {
      return Math.abs(number);
    }
    return Math.absExact(Values.integer(value, "the filter abs"));
  }

  static Object round(Object value, Arguments arguments) {
    Bound bound = arguments.bind("the filter round", "precision", "method");
    int precision = (int) Math.max(-300, Math.min(300, bound.integer("precision", 0)));
    String method = bound.text(bound.or("method", "common"));
    if (!Equality.isNumber(value)) {
      throw new JinjaException("the filter round needs a number, not " + Values.kind(value));
    }
    double number = Equality.number(value);
    if (method.equals("common")) {
      if (!(value instanceof Double)) {
        if (precision < 0) {
          throw JinjaException.unsupported("rounding an integer to tens");
        }
        return Values.integer(value, "round");
      }
      return new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).doubleValue();
    }
    if (precision < 0) {
      throw JinjaException.unsupported("rounding to tens");
    }
    double power = Math.pow(10, precision);
    return switch (method) {
      case "ceil" -> Math.ceil(number * power) / power;
      case "floor" -> Math.floor(number * power) / power;
      default -> throw new JinjaException("the filter round has no method of this name");
    };
  }
}
