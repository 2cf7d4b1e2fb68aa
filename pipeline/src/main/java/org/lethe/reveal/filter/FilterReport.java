package org.lethe.reveal.filter;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts of responses, kept and dropped.
 *
 * @param dropped counts of all reasons, including 0
 */
public record FilterReport(int responses, int kept, SortedMap<DropReason, Integer> dropped) {
  public FilterReport {
    SortedMap<DropReason, Integer> all = new TreeMap<>();
    for (DropReason reason : DropReason.values()) {
      all.put(reason, dropped.getOrDefault(reason, 0));
    }
    dropped = Collections.unmodifiableSortedMap(all);
    int sum = all.values().stream().mapToInt(Integer::intValue).sum();
    if (kept + sum != responses) {
      throw new IllegalArgumentException(
          "Invalid filter report: "
              + kept
              + " kept, "
              + sum
              + " dropped, "
              + responses
              + " in all");
    }
  }

  /** Adds the counts of another report. */
  public FilterReport plus(FilterReport other) {
    SortedMap<DropReason, Integer> sums = new TreeMap<>(dropped);
    for (Map.Entry<DropReason, Integer> entry : other.dropped.entrySet()) {
      sums.merge(entry.getKey(), entry.getValue(), Integer::sum);
    }
    return new FilterReport(responses + other.responses, kept + other.kept, sums);
  }
}
