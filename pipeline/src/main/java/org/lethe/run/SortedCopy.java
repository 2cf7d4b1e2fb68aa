package org.lethe.run;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Copies maps that become part of a document. */
final class SortedCopy {
  private SortedCopy() {}

  /** Returns a copy in natural order that nobody can change. */
  static <V> SortedMap<String, V> of(SortedMap<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
