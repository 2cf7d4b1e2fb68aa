package org.lethe.audit;

import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.ShardReport;

/** The numbers of rows of a run in the form in which a record holds them. */
public final class RecordedCounts {
  private RecordedCounts() {}

  /** Returns the counts of both corpora. */
  public static SortedMap<String, Long> of(ShardReport report) {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (CorpusSet set : CorpusSet.values()) {
      ShardReport.SetReport found = report.set(set);
      counts.put(set.label() + ": read", found.read());
      counts.put(set.label() + ": used", found.rows());
      counts.put(set.label() + ": filtered out", found.filtered());
      counts.put(set.label() + ": set aside as malformed", found.quarantined());
      counts.put(set.label() + ": duplicates", found.duplicates());
      counts.put(set.label() + ": cut to the maximum length", found.truncated());
      if (found.skippedFiles() > 0) {
        counts.put(set.label() + ": files without rows skipped", (long) found.skippedFiles());
      }
    }
    return counts;
  }
}
