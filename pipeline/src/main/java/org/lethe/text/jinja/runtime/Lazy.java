package org.lethe.text.jinja.runtime;

import java.util.Iterator;
import java.util.List;

/** Python's generators and iterators: true, without a length, and empty after one pass. */
final class Lazy {
  private final Iterator<Object> iterator;

  Lazy(List<Object> elements) {
    this.iterator = elements.iterator();
  }

  Iterator<Object> rest() {
    return iterator;
  }
}
