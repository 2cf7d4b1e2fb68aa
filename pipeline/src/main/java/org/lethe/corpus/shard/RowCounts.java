package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.lethe.corpus.input.Defect;
import org.lethe.corpus.input.InputRow;

/** What reading a split found: counts, and the names of missing and present fields. No text. */
final class RowCounts implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MOST_NAMES = 200;

  private final int split;
  private long read;
  private long filtered;
  private long accepted;
  private final TreeMap<String, Long> reasons = new TreeMap<>();
  private final TreeSet<String> missing = new TreeSet<>();
  private final TreeSet<String> present = new TreeSet<>();

  RowCounts(int split) {
    this.split = split;
  }

  void add(InputRow row) {
    read++;
    if (row instanceof InputRow.Filtered) {
      filtered++;
    } else if (row instanceof InputRow.Accepted) {
      accepted++;
    } else if (row instanceof InputRow.Rejected rejected) {
      reasons.merge(rejected.reason(), 1L, Long::sum);
      missing.add(rejected.defect() == Defect.MISSING_FIELD ? rejected.field() : "");
      addPresent(rejected.present());
    }
  }

  private void addPresent(Iterable<String> names) {
    for (String name : names) {
      if (present.size() < MOST_NAMES) {
        present.add(name);
      }
    }
  }

  /** Returns the sum of some splits. The split of the sum is the first one with unusable rows. */
  static RowCounts sum(List<RowCounts> splits) {
    int first =
        splits.stream()
            .filter(counts -> counts.rejected() > 0)
            .mapToInt(RowCounts::split)
            .min()
            .orElse(0);
    RowCounts sum = new RowCounts(first);
    for (RowCounts counts : splits) {
      sum.read += counts.read;
      sum.filtered += counts.filtered;
      sum.accepted += counts.accepted;
      counts.reasons.forEach((reason, rows) -> sum.reasons.merge(reason, rows, Long::sum));
      sum.missing.addAll(counts.missing);
      sum.addPresent(counts.present);
    }
    return sum;
  }

  int split() {
    return split;
  }

  /** Number of rows, without blank lines. */
  long read() {
    return read;
  }

  /** Number of rows that the row filter excluded. */
  long filtered() {
    return filtered;
  }

  /** Number of well-formed rows. */
  long accepted() {
    return accepted;
  }

  /** Number of malformed rows. */
  long rejected() {
    return reasons.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Configured names of missing fields; "" stands for rows that are malformed otherwise. */
  SortedSet<String> missing() {
    return missing;
  }

  /** Names of the fields of records that lack a field. */
  SortedSet<String> present() {
    return present;
  }

  /** Returns the number of malformed rows by reason, with rows whose id is taken. */
  SortedMap<String, Long> reasons(long duplicateIds) {
    SortedMap<String, Long> all = new TreeMap<>(reasons);
    if (duplicateIds > 0) {
      all.put(Defect.DUPLICATE_ID.label(), duplicateIds);
    }
    return all;
  }
}
