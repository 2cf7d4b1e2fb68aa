package org.lethe.text.jinja.runtime;

import java.util.List;
import java.util.Map;

/** Jinja's tests: {@code value is name}. */
public final class Tests {
  private Tests() {}

  public static boolean test(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "==", "eq", "equalto" -> compare("==", name, value, arguments);
      case "!=", "ne" -> compare("!=", name, value, arguments);
      case "<", "lt", "lessthan" -> compare("<", name, value, arguments);
      case "<=", "le" -> compare("<=", name, value, arguments);
      case ">", "gt", "greaterthan" -> compare(">", name, value, arguments);
      case ">=", "ge" -> compare(">=", name, value, arguments);
      case "in" -> compare("in", name, value, arguments);
      case "divisibleby" -> Values.integer(value, name) % nonZero(argument(name, arguments)) == 0;
      case "sameas" -> same(value, argument(name, arguments));
      default -> {
        arguments.bind("the test " + name);
        yield holds(name, value);
      }
    };
  }

  private static Object argument(String name, Arguments arguments) {
    return arguments.bind("the test " + name, "other").required("other");
  }

  private static boolean compare(String operator, String name, Object value, Arguments arguments) {
    return Equality.holds(operator, value, argument(name, arguments));
  }

  private static long nonZero(Object value) {
    long number = Values.integer(value, "divisibleby");
    if (number == 0) {
      throw new JinjaException("division by zero");
    }
    return number;
  }

  /** Identity is known of Python's constants only. */
  private static boolean same(Object value, Object other) {
    if (isConstant(value) || isConstant(other)) {
      return value.equals(other);
    }
    throw JinjaException.unsupported("the test sameas of " + Values.kind(value));
  }

  private static boolean isConstant(Object value) {
    return value instanceof None || value instanceof Boolean;
  }

  private static boolean holds(String name, Object value) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value instanceof None;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "number" -> Equality.isNumber(value);
      case "string" -> value instanceof String || value instanceof Markup;
      case "mapping" -> value instanceof Map<?, ?>;
      case "sequence" ->
          value instanceof String
              || value instanceof List<?>
              || value instanceof Tuple
              || value instanceof Map<?, ?>
              || value instanceof Markup
              || value instanceof Undefined
              || value instanceof View view && view.kind() == View.Kind.RANGE;
      case "iterable" -> Values.isIterable(value) || value instanceof Markup;
      case "callable" -> value instanceof Callable || value instanceof Undefined;
      case "escaped" -> value instanceof Markup;
      case "odd" -> Math.floorMod(Values.integer(value, name), 2) == 1;
      case "even" -> Math.floorMod(Values.integer(value, name), 2) == 0;
      case "lower" -> cased(value, "islower");
      case "upper" -> cased(value, "isupper");
      default -> throw JinjaException.unsupported("the test " + name);
    };
  }

  private static boolean cased(Object value, String method) {
    return StringMethods.find(Representation.text(value), method)
        .map(callable -> callable.call(Arguments.NONE).equals(true))
        .orElseThrow();
  }
}
