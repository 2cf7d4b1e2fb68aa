package org.lethe.corpus.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.corpus.input.Defect;
import org.lethe.corpus.shard.ShardSettings.Duplicates;

/** Splits the rows of one corpus, in input order, into usable, quarantined and duplicate ones. */
final class SetPlan {
  /** An unusable row with the reason. */
  record Quarantined(RowSummary row, String reason) {}

  private final List<RowSummary> usable = new ArrayList<>();
  private final List<Quarantined> quarantined = new ArrayList<>();

  private final long read;
  private long filtered;
  private long duplicates;

  SetPlan(List<RowSummary> rows, Duplicates policy) {
    read = rows.size();
    Map<String, String> digestOfId = new HashMap<>();
    Set<String> digests = new HashSet<>();
    for (RowSummary row : rows) {
      switch (row.kind()) {
        case FILTERED -> filtered++;
        case REJECTED -> quarantined.add(new Quarantined(row, row.reason()));
        case ACCEPTED -> {
          String known = digestOfId.putIfAbsent(row.id(), row.digest());
          if (known != null && !known.equals(row.digest())) {
            quarantined.add(new Quarantined(row, Defect.DUPLICATE_ID.label()));
            continue;
          }
          boolean first = digests.add(row.digest());
          if (!first) {
            duplicates++;
          }
          if (first || policy == Duplicates.KEEP) {
            usable.add(row);
          }
        }
      }
    }
  }

  List<RowSummary> usable() {
    return usable;
  }

  List<Quarantined> quarantined() {
    return quarantined;
  }

  /** Number of quarantined rows by reason. */
  SortedMap<String, Long> reasons() {
    SortedMap<String, Long> reasons = new TreeMap<>();
    quarantined.forEach(row -> reasons.merge(row.reason(), 1L, Long::sum));
    return reasons;
  }

  /** Number of all rows of the corpus. */
  long read() {
    return read;
  }

  long filtered() {
    return filtered;
  }

  /** Number of rows that repeat the text of an earlier row of the corpus. */
  long duplicates() {
    return duplicates;
  }
}
