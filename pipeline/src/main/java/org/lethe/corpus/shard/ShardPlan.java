package org.lethe.corpus.shard;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.shard.ShardReport.OverlappingRow;
import org.lethe.corpus.shard.ShardSettings.Overlap;

/**
 * Decides which row goes into which file. The driver does this from ids, digests and lengths (about
 * 200 bytes per row) with hash maps, so it needs no text and no query.
 */
final class ShardPlan {
  private final Map<CorpusSet, SetPlan> sets;
  private final Map<CorpusSet, List<RowSummary>> chosen = new EnumMap<>(CorpusSet.class);
  private final List<OverlappingRow> overlap = new ArrayList<>();

  ShardPlan(Map<CorpusSet, SetPlan> sets, ShardSettings settings) {
    this.sets = new EnumMap<>(sets);
    List<RowSummary> forget = set(CorpusSet.FORGET).usable();
    List<RowSummary> retain = set(CorpusSet.RETAIN).usable();
    Map<String, String> forgetIds = new HashMap<>();
    forget.forEach(row -> forgetIds.putIfAbsent(row.digest(), row.id()));
    for (RowSummary row : retain) {
      String forgetId = forgetIds.get(row.digest());
      if (forgetId != null) {
        overlap.add(new OverlappingRow(forgetId, row.id(), row.digest()));
      }
    }
    List<RowSummary> kept =
        settings.overlap() == Overlap.DROP_FROM_RETAIN
            ? retain.stream().filter(row -> !forgetIds.containsKey(row.digest())).toList()
            : retain;
    chosen.put(CorpusSet.FORGET, limited(forget, settings));
    chosen.put(CorpusSet.RETAIN, limited(kept, settings));
  }

  private static List<RowSummary> limited(List<RowSummary> rows, ShardSettings settings) {
    return rows.stream().limit(settings.limit().orElse(Long.MAX_VALUE)).toList();
  }

  SetPlan set(CorpusSet set) {
    return sets.get(set);
  }

  /** Examples in both corpora, in the order of the retain corpus. */
  List<OverlappingRow> overlap() {
    return overlap;
  }

  /** The rows that go into shards. */
  List<RowSummary> chosen(CorpusSet set) {
    return chosen.get(set);
  }

  /** Returns the output file of every kept row: a shard or a quarantine file. */
  OutputNumbers targets(List<InputSplit> splits, int workers) {
    OutputNumbers targets = quarantineOnly(splits, workers);
    for (CorpusSet set : CorpusSet.values()) {
      Balance.assign(chosen(set), workers)
          .forEach((place, worker) -> targets.put(place, targets.shard(set, worker)));
    }
    return targets;
  }

  /** Returns the output files of rejected rows only. */
  OutputNumbers quarantineOnly(List<InputSplit> splits, int workers) {
    OutputNumbers targets = new OutputNumbers(splits.size(), workers);
    for (CorpusSet set : CorpusSet.values()) {
      for (SetPlan.Quarantined row : set(set).quarantined()) {
        targets.put(row.row().place(), targets.quarantine(set));
      }
    }
    return targets;
  }
}
