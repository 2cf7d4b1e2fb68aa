package org.lethe.text.jinja.runtime;

import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic. */
public final class Operators {
  private final Budget budget;

  public Operators(Budget budget) {
    this.budget = budget;
  }

  public Object apply(String operator, Object a, Object b) {
    for (Object operand : List.of(a, b)) {
      if (operand instanceof Undefined undefined) {
        throw undefined.used();
      }
    }
    if (operator.equals("%") && a instanceof String format) {
      return budget.text(PercentFormat.format(format, b));
    }
    if (Equality.isNumber(a) && Equality.isNumber(b)) {
      try {
        return a instanceof Double || b instanceof Double || operator.equals("/")
            ? floats(operator, Equality.number(a), Equality.number(b))
            : integers(operator, Values.integer(a, operator), Values.integer(b, operator));
      } catch (ArithmeticException e) {
        throw new JinjaException("a number is too large");
      }
    }
    return switch (operator) {
      case "+" -> sum(a, b);
      case "*" -> {
        if (Equality.isNumber(b)) {
          yield repeated(a, b);
        } else if (Equality.isNumber(a)) {
          yield repeated(b, a);
        }
        throw unsupported("*", a, b);
      }
      default -> throw unsupported(operator, a, b);
    };
  }

  private static JinjaException unsupported(String operator, Object a, Object b) {
    return new JinjaException(
        "cannot apply " + operator + " to " + Values.kind(a) + " and " + Values.kind(b));
  }

  private Object sum(Object a, Object b) {
    if (a instanceof String x && b instanceof String y) {
      return budget.text(x, y);
    } else if (a instanceof List<?> x && b instanceof List<?> y) {
      return joined(x, y);
    } else if (a instanceof Tuple x && b instanceof Tuple y) {
      return new Tuple(joined(x.elements(), y.elements()));
    }
    throw unsupported("+", a, b);
  }

  private List<Object> joined(List<?> a, List<?> b) {
    budget.elements(a.size() + b.size());
    List<Object> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private Object repeated(Object value, Object times) {
    if (!(value instanceof String || value instanceof List<?>) || times instanceof Double) {
      throw unsupported("*", value, times);
    }
    long count = Math.max(0, Values.integer(times, "*"));
    long length = value instanceof String text ? text.length() : ((List<?>) value).size();
    if (count > Budget.MOST_CHARACTERS && length > 0) {
      throw new JinjaException("more than " + Budget.MOST_CHARACTERS + " repetitions");
    }
    budget.characters(length * count);
    int times32 = length == 0 ? 0 : (int) count;
    if (value instanceof String text) {
      return text.repeat(times32);
    }
    return java.util.Collections.nCopies(times32, (List<?>) value).stream()
        .flatMap(List::stream)
        .map(Object.class::cast)
        .toList();
  }

  private static Object integers(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "//" -> Math.floorDiv(a, divisor(b));
      case "%" -> Math.floorMod(a, divisor(b));
      case "**" -> {
        if (b < 0) {
          throw JinjaException.unsupported("a negative exponent");
        }
        long power = 1;
        for (long i = 0; i < b; i++) {
          power = Math.multiplyExact(power, a);
          if (power == 0 || power == 1 && a == 1) {
            break;
          }
          if (i > 64 && a == -1) {
            yield b % 2 == 0 ? 1L : -1L;
          }
        }
        yield power;
      }
      default -> throw JinjaException.unsupported("the operator " + operator);
    };
  }

  private static long divisor(long b) {
    if (b == 0) {
      throw new JinjaException("division by zero");
    }
    return b;
  }

  private static Object floats(String operator, double a, double b) {
    if (b == 0 && (operator.startsWith("/") || operator.equals("%"))) {
      throw new JinjaException("division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      case "%" -> {
        double rest = a % b;
        yield rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
      }
      default -> throw JinjaException.unsupported("the operator " + operator + " of floats");
    };
  }

  public static Object signed(String sign, Object operand) {
    if (operand instanceof Undefined undefined) {
      throw undefined.used();
    } else if (operand instanceof Double number) {
      return sign.equals("-") ? -number : number;
    } else if (operand instanceof Long || operand instanceof Boolean) {
      long number = Values.integer(operand, sign);
      return sign.equals("-") ? Math.negateExact(number) : number;
    }
    throw new JinjaException("cannot apply " + sign + " to " + Values.kind(operand));
  }
}
