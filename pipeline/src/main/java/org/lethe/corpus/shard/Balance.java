package org.lethe.corpus.shard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.lethe.corpus.input.InputRow;

/**
 * Divides rows among workers so that each gets about the same number of tokens. Longest rows go
 * first, each to the worker that has the fewest tokens so far (Graham 1969: the largest share is at
 * most 4/3 of the best possible one). The result depends on the rows alone, not on their order.
 */
final class Balance {
  private Balance() {}

  private record Load(int worker, long tokens) {}

  /** Returns the worker of each row, from 0. */
  static Map<InputRow.Place, Integer> assign(List<RowSummary> rows, int workers) {
    List<RowSummary> longestFirst = new ArrayList<>(rows);
    longestFirst.sort(
        Comparator.comparingInt(RowSummary::tokens)
            .reversed()
            .thenComparing(RowSummary::digest)
            .thenComparing(RowSummary::id)
            .thenComparing(row -> row.place().file())
            .thenComparing(row -> row.place().line()));
    PriorityQueue<Load> loads =
        new PriorityQueue<>(Comparator.comparingLong(Load::tokens).thenComparingInt(Load::worker));
    for (int worker = 0; worker < workers; worker++) {
      loads.add(new Load(worker, 0));
    }
    Map<InputRow.Place, Integer> assigned = new HashMap<>();
    for (RowSummary row : longestFirst) {
      Load least = loads.remove();
      assigned.put(row.place(), least.worker());
      loads.add(new Load(least.worker(), least.tokens() + row.tokens()));
    }
    return assigned;
  }
}
