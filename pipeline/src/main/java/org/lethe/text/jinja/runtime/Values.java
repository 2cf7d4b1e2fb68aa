package org.lethe.text.jinja.runtime;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What Python says about a value: its truth, kind, length and elements.
 *
 * <p>Values are {@link None}, {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@link
 * List}, {@link Tuple}, {@link Map}, {@link View}, {@link Lazy}, {@link Markup}, {@link Undefined},
 * {@link Namespace}, {@link LoopState} and {@link Callable}.
 */
public final class Values {
  private Values() {}

  public static boolean truth(Object value) {
    if (value instanceof Boolean known) {
      return known;
    } else if (value instanceof Long number) {
      return number != 0;
    } else if (value instanceof Double number) {
      return number != 0;
    } else if (value instanceof String text) {
      return !text.isEmpty();
    } else if (value instanceof List<?> list) {
      return !list.isEmpty();
    } else if (value instanceof Tuple tuple) {
      return !tuple.elements().isEmpty();
    } else if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    } else if (value instanceof View view) {
      return !view.elements().isEmpty();
    } else if (value instanceof Markup markup) {
      return !markup.text().isEmpty();
    }
    return !(value instanceof None || value instanceof Undefined);
  }

  /** Returns the kind of a value for messages. */
  public static String kind(Object value) {
    if (value instanceof Boolean) {
      return "a boolean";
    } else if (value instanceof Long) {
      return "an integer";
    } else if (value instanceof Double) {
      return "a float";
    } else if (value instanceof String) {
      return "a string";
    } else if (value instanceof List<?>) {
      return "a list";
    } else if (value instanceof Tuple) {
      return "a tuple";
    } else if (value instanceof Map<?, ?>) {
      return "a dictionary";
    } else if (value instanceof View) {
      return "a view";
    } else if (value instanceof Lazy) {
      return "an iterator";
    } else if (value instanceof Markup) {
      return "text marked as safe";
    } else if (value instanceof Undefined undefined) {
      return undefined.name() + ", which is undefined";
    } else if (value instanceof Namespace) {
      return "a namespace";
    } else if (value instanceof LoopState) {
      return "a loop";
    }
    return value instanceof None ? "none" : "a function";
  }

  static boolean isIterable(Object value) {
    return value instanceof String
        || value instanceof List<?>
        || value instanceof Tuple
        || value instanceof Map<?, ?>
        || value instanceof View
        || value instanceof Lazy
        || value instanceof Undefined;
  }

  /** Returns the elements of a value: characters, entries, keys. */
  public static List<Object> elements(Object value) {
    List<Object> elements = new ArrayList<>();
    if (value instanceof String text) {
      text.codePoints().forEach(c -> elements.add(Character.toString(c)));
    } else if (value instanceof List<?> list) {
      elements.addAll(list);
    } else if (value instanceof Tuple tuple) {
      elements.addAll(tuple.elements());
    } else if (value instanceof Map<?, ?> map) {
      elements.addAll(map.keySet());
    } else if (value instanceof View view) {
      elements.addAll(view.elements());
    } else if (value instanceof Lazy lazy) {
      for (Iterator<Object> rest = lazy.rest(); rest.hasNext(); ) {
        elements.add(rest.next());
      }
    } else if (!(value instanceof Undefined)) {
      throw new JinjaException(kind(value) + " has no elements");
    }
    return elements;
  }

  static long length(Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    } else if (value instanceof List<?> list) {
      return list.size();
    } else if (value instanceof Tuple tuple) {
      return tuple.elements().size();
    } else if (value instanceof Map<?, ?> map) {
      return map.size();
    } else if (value instanceof View view) {
      return view.elements().size();
    } else if (value instanceof Undefined) {
      return 0;
    }
    throw new JinjaException(kind(value) + " has no length");
  }

  /** Returns a value as an integer, as Python does where it needs one. */
  static long integer(Object value, String user) {
    if (value instanceof Long number) {
      return number;
    } else if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    throw new JinjaException(user + " needs an integer, not " + kind(value));
  }
}
