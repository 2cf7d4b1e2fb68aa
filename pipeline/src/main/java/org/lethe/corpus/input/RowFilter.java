package org.lethe.corpus.input;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Selects the rows whose fields have one of the allowed values. A task evaluates it in plain Java,
 * never as a Spark filter, because Spark logs the literals of its filters.
 *
 * @param allowed allowed values by field name; an empty map accepts every row
 */
public record RowFilter(SortedMap<String, SortedSet<String>> allowed) implements Serializable {
  public RowFilter {
    SortedMap<String, SortedSet<String>> copy = new TreeMap<>();
    allowed.forEach(
        (field, values) -> {
          if (values.isEmpty()) {
            throw new IllegalArgumentException("Invalid row filter: no value for " + field);
          }
          copy.put(field, Collections.unmodifiableSortedSet(new TreeSet<>(values)));
        });
    allowed = Collections.unmodifiableSortedMap(copy);
  }

  /** Accepts every row. */
  public static RowFilter all() {
    return new RowFilter(new TreeMap<>());
  }

  /** Accepts rows whose fields have one of the values. */
  public static RowFilter where(Map<String, ? extends Set<String>> allowed) {
    SortedMap<String, SortedSet<String>> sorted = new TreeMap<>();
    allowed.forEach((field, values) -> sorted.put(field, new TreeSet<>(values)));
    return new RowFilter(sorted);
  }
}
