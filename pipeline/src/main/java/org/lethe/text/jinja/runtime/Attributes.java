package org.lethe.text.jinja.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Attributes and elements of values: {@code a.b} prefers Python's attribute, {@code a['b']} the
 * element. Both fall back to the other, and then to an undefined value.
 */
public final class Attributes {
  /** Methods that change a value. Jinja's sandbox leaves them out. */
  private static final Set<String> CHANGING =
      Set.of(
          "append",
          "clear",
          "extend",
          "insert",
          "pop",
          "popitem",
          "remove",
          "reverse",
          "setdefault",
          "sort",
          "update");

  private static final Set<String> OF_NUMBERS =
      Set.of(
          "real",
          "imag",
          "numerator",
          "denominator",
          "conjugate",
          "bit_length",
          "bit_count",
          "to_bytes",
          "from_bytes",
          "as_integer_ratio",
          "is_integer",
          "hex",
          "fromhex");

  private static final Set<String> OF_VIEWS =
      Set.of("start", "stop", "step", "count", "index", "isdisjoint", "mapping");

  private Attributes() {}

  public static Object attribute(Object object, String name) {
    if (object instanceof Undefined undefined) {
      throw undefined.used();
    }
    return pythonAttribute(object, name)
        .or(() -> entry(object, name))
        .orElseGet(() -> new Undefined("attribute " + name));
  }

  public static Object element(Object object, Object index) {
    if (object instanceof Undefined undefined) {
      throw undefined.used();
    }
    if (object instanceof Map<?, ?>) {
      return entry(object, index)
          .or(() -> index instanceof String n ? pythonAttribute(object, n) : Optional.empty())
          .orElseGet(() -> new Undefined("element " + shown(index)));
    } else if (index instanceof String name) {
      return attribute(object, name);
    } else if (index instanceof Long || index instanceof Boolean) {
      long position = Values.integer(index, "a subscript");
      if (object instanceof String
          || object instanceof Tuple
          || object instanceof List<?>
          || object instanceof View view && view.kind() == View.Kind.RANGE) {
        return Slices.element(Values.elements(object), position);
      }
    }
    return new Undefined("element " + shown(index));
  }

  /** A string could be a value of the conversation, so only numbers are named. */
  private static String shown(Object index) {
    return index instanceof Long ? index.toString() : "by " + Values.kind(index);
  }

  private static Optional<Object> entry(Object object, Object key) {
    return object instanceof Map<?, ?> map ? Optional.ofNullable(map.get(key)) : Optional.empty();
  }

  private static Optional<Object> pythonAttribute(Object object, String name) {
    if (name.startsWith("_")) {
      return Optional.empty();
    } else if (object instanceof Namespace namespace) {
      return Optional.of(namespace.get(name));
    } else if (object instanceof LoopState loop) {
      return loop.attribute(name);
    } else if (object instanceof String text) {
      return StringMethods.find(text, name).map(Object.class::cast);
    } else if (object instanceof Map<?, ?> map) {
      return dictionary(map, name);
    } else if (object instanceof List<?> || object instanceof Tuple) {
      return sequence(object, name);
    }
    boolean known =
        Equality.isNumber(object) && OF_NUMBERS.contains(name)
            || object instanceof View && OF_VIEWS.contains(name)
            || object instanceof Markup
            || object instanceof Lazy
            || object instanceof Callable;
    if (known) {
      throw JinjaException.unsupported("the attribute " + name + " of " + Values.kind(object));
    }
    return Optional.empty();
  }

  private static Optional<Object> dictionary(Map<?, ?> map, String name) {
    return switch (name) {
      case "get" -> method(arguments -> get(map, arguments));
      case "keys" -> view(name, View.Kind.DICT_KEYS, List.copyOf(map.keySet()));
      case "values" -> view(name, View.Kind.DICT_VALUES, List.copyOf(map.values()));
      case "items" -> view(name, View.Kind.DICT_ITEMS, items(map));
      case "copy", "fromkeys" -> throw JinjaException.unsupported("the dictionary method " + name);
      default -> changing(name);
    };
  }

  private static Object get(Map<?, ?> map, Arguments arguments) {
    if (!arguments.named().isEmpty()) {
      throw new JinjaException("get takes no named arguments");
    }
    var bound = arguments.bind("get", "key", "default");
    Object value = map.get(bound.required("key"));
    return value == null ? bound.or("default", None.NONE) : value;
  }

  static List<Object> items(Map<?, ?> map) {
    return map.entrySet().stream().map(e -> (Object) Tuple.of(e.getKey(), e.getValue())).toList();
  }

  private static Optional<Object> view(String name, View.Kind kind, List<Object> elements) {
    return method(
        arguments -> {
          arguments.bind(name);
          return new View(kind, elements);
        });
  }

  private static Optional<Object> sequence(Object value, String name) {
    return switch (name) {
      case "count" ->
          method(
              arguments -> {
                Object wanted = arguments.bind(name, "value").required("value");
                return Values.elements(value).stream()
                    .filter(e -> Equality.equal(e, wanted))
                    .count();
              });
      case "index" ->
          method(
              arguments -> {
                Object wanted = arguments.bind(name, "value").required("value");
                List<Object> elements = Values.elements(value);
                for (int i = 0; i < elements.size(); i++) {
                  if (Equality.equal(elements.get(i), wanted)) {
                    return (long) i;
                  }
                }
                throw new JinjaException("index does not find its argument");
              });
      case "copy" -> throw JinjaException.unsupported("the list method copy");
      default -> changing(name);
    };
  }

  private static Optional<Object> changing(String name) {
    return CHANGING.contains(name)
        ? Optional.of(new Undefined("the method " + name + ", which changes a value,"))
        : Optional.empty();
  }

  private static Optional<Object> method(Callable method) {
    return Optional.of(method);
  }
}
