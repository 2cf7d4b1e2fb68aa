package org.lethe.text.jinja.runtime;

import java.util.List;

/** Python's tuple. A Python list is a {@link List}. */
public record Tuple(List<Object> elements) {
  static Tuple of(Object... elements) {
    return new Tuple(List.of(elements));
  }
}
