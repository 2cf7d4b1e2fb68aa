package org.lethe.text.jinja.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lethe.text.jinja.runtime.Arguments.Bound;

/** Python's {@code json.dumps}, as the filter {@code tojson} of transformers calls it. */
final class Json {
  private static final int MOST_DEPTH = 50;

  private final boolean asciiOnly;
  private final String indent;
  private final boolean indented;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sorted;
  private final StringBuilder json = new StringBuilder();

  private Json(Bound bound) {
    Object width = bound.or("indent", None.NONE);
    this.asciiOnly = Values.truth(bound.or("ensure_ascii", false));
    this.indented = !(width instanceof None);
    this.indent =
        width instanceof String text
            ? text
            : " "
                .repeat(
                    indented
                        ? (int) Math.max(0, Math.min(100, Values.integer(width, "tojson")))
                        : 0);
    this.sorted = Values.truth(bound.or("sort_keys", false));
    Object separators = bound.or("separators", None.NONE);
    if (separators instanceof None) {
      this.itemSeparator = indented ? "," : ", ";
      this.keySeparator = ": ";
    } else {
      List<Object> both = Values.elements(separators);
      if (both.size() != 2) {
        throw new JinjaException("tojson needs two separators");
      }
      this.itemSeparator = bound.text(both.get(0));
      this.keySeparator = bound.text(both.get(1));
    }
  }

  static String json(Object value, Arguments arguments) {
    Json writer =
        new Json(arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
    writer.write(value, 0);
    return writer.json.toString();
  }

  private void write(Object value, int depth) {
    if (depth > MOST_DEPTH) {
      throw new JinjaException("values nest deeper than " + MOST_DEPTH);
    }
    if (value instanceof None) {
      json.append("null");
    } else if (value instanceof Boolean || value instanceof Long) {
      json.append(value);
    } else if (value instanceof Double number) {
      json.append(
          Double.isNaN(number)
              ? "NaN"
              : Double.isInfinite(number)
                  ? number > 0 ? "Infinity" : "-Infinity"
                  : Representation.decimal(number));
    } else if (value instanceof String text) {
      string(text);
    } else if (value instanceof List<?> || value instanceof Tuple) {
      List<Runnable> items = new ArrayList<>();
      Values.elements(value).forEach(e -> items.add(() -> write(e, depth + 1)));
      items('[', ']', items, depth);
    } else if (value instanceof Map<?, ?> map) {
      List<Runnable> items = new ArrayList<>();
      List<Object> keys = new ArrayList<>(map.keySet());
      if (sorted) {
        keys.sort(Equality::compare);
      }
      keys.forEach(
          key ->
              items.add(
                  () -> {
                    string(key.toString());
                    json.append(keySeparator);
                    write(map.get(key), depth + 1);
                  }));
      items('{', '}', items, depth);
    } else {
      throw new JinjaException(Values.kind(value) + " cannot become JSON");
    }
  }

  private void items(char open, char close, List<Runnable> items, int depth) {
    json.append(open);
    for (int i = 0; i < items.size(); i++) {
      json.append(i == 0 ? "" : itemSeparator);
      lineBreak(depth + 1);
      items.get(i).run();
    }
    if (!items.isEmpty()) {
      lineBreak(depth);
    }
    json.append(close);
  }

  private void lineBreak(int depth) {
    if (indented) {
      json.append('\n').append(indent.repeat(depth));
    }
  }

  private void string(String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\f' -> json.append("\\f");
        case '\b' -> json.append("\\b");
        default -> {
          if (c < 0x20 || asciiOnly && c > 0x7e) {
            json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
