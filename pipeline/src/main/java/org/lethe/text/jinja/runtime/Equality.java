package org.lethe.text.jinja.runtime;

import java.util.List;
import java.util.Map;

/** Python's comparisons: equality, order and membership. */
public final class Equality {
  private Equality() {}

  /** Returns whether an operator of comparison holds between two values. */
  public static boolean holds(String operator, Object left, Object right) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      case "<" -> order(left, right) < 0;
      case "<=" -> order(left, right) <= 0;
      case ">" -> order(left, right) > 0;
      default -> order(left, right) >= 0;
    };
  }

  private static int order(Object left, Object right) {
    for (Object side : List.of(left, right)) {
      if (side instanceof Undefined undefined) {
        throw undefined.used();
      }
    }
    return compare(left, right);
  }

  static boolean equal(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return a instanceof Double || b instanceof Double
          ? number(a) == number(b)
          : Values.integer(a, "==") == Values.integer(b, "==");
    } else if (a instanceof List<?> x && b instanceof List<?> y) {
      return equalElements(x, y);
    } else if (a instanceof Tuple x && b instanceof Tuple y) {
      return equalElements(x.elements(), y.elements());
    } else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size()
          && x.entrySet().stream()
              .allMatch(e -> y.containsKey(e.getKey()) && equal(e.getValue(), y.get(e.getKey())));
    } else if (a instanceof View x && b instanceof View y) {
      if (x.kind() == View.Kind.DICT_VALUES || x.kind() != y.kind()) {
        throw JinjaException.unsupported("comparing views");
      }
      return equalElements(x.elements(), y.elements());
    } else if (a instanceof Markup || b instanceof Markup) {
      throw JinjaException.unsupported("comparing text marked as safe");
    }
    return a.equals(b);
  }

  private static boolean equalElements(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean contains(Object container, Object element) {
    if (container instanceof String text) {
      if (element instanceof String part) {
        return text.contains(part);
      }
      throw new JinjaException("a string contains no " + withoutArticle(element));
    } else if (container instanceof Map<?, ?> map) {
      if (element instanceof List<?> || element instanceof Map<?, ?>) {
        throw new JinjaException(Values.kind(element) + " cannot be a key of a dictionary");
      }
      return map.containsKey(element);
    }
    return Values.elements(container).stream().anyMatch(e -> equal(e, element));
  }

  private static String withoutArticle(Object value) {
    return Values.kind(value).replaceFirst("^an? ", "");
  }

  /** Orders two values, as {@code <} does. */
  static int compare(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      if (!(a instanceof Double) && !(b instanceof Double)) {
        return Long.compare(Values.integer(a, "<"), Values.integer(b, "<"));
      }
      if (Double.isNaN(number(a)) || Double.isNaN(number(b))) {
        throw JinjaException.unsupported("ordering nan");
      }
      return number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0;
    } else if (a instanceof String x && b instanceof String y) {
      return byCodePoints(x, y);
    } else if (a instanceof List<?> x && b instanceof List<?> y) {
      return compareElements(x, y);
    } else if (a instanceof Tuple x && b instanceof Tuple y) {
      return compareElements(x.elements(), y.elements());
    }
    throw new JinjaException("cannot order " + Values.kind(a) + " and " + Values.kind(b));
  }

  private static int compareElements(List<?> a, List<?> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return compare(a.get(i), b.get(i));
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  /** Python orders strings by code points, Java by UTF-16 units. */
  private static int byCodePoints(String a, String b) {
    return java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static double number(Object value) {
    return value instanceof Double number ? number : Values.integer(value, "a number");
  }
}
