package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class BalanceTest {

  @Property(seed = "42", tries = 200)
  void largestLoadIsAtMostTheMeanPlusOneRow(
      @ForAll @Size(max = 60) List<@IntRange(min = 2, max = 500) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 8) int workers) {
    long[] loads = new long[workers];
    List<Integer> assigned = assigned(lengths, workers);
    List<Integer> longestFirst = longestFirst(lengths);
    for (int i = 0; i < assigned.size(); i++) {
      loads[assigned.get(i)] += longestFirst.get(i);
    }

    double mean = lengths.stream().mapToInt(i -> i).sum() / (double) workers;
    int longest = lengths.stream().mapToInt(i -> i).max().orElse(0);
    for (long load : loads) {
      assertThat((double) load).isLessThanOrEqualTo(mean + longest);
    }
  }

  @Property(seed = "42", tries = 500)
  void ranksGiveTheSameWorkersAsTheGreedyRuleRowByRow(
      @ForAll @Size(max = 120) List<@IntRange(min = 2, max = 40) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 7) int workers) {
    assertThat(assigned(lengths, workers)).isEqualTo(greedy(lengths, workers));
  }

  @Test
  void aBillionRowsOfOneLengthNeedNoListOfRows() {
    Balance balance = new Balance(new TreeMap<>(Map.of(7, 1_000_000_000L, 3, 5L)), 4);

    assertThat(balance.worker(7, 999_999_999L)).isEqualTo(3);
    assertThat(IntStream.range(0, 5).map(rank -> balance.worker(3, rank)))
        .containsExactly(0, 1, 2, 3, 0);
  }

  /** Returns the worker of every row, longest first, by its length and rank. */
  private static List<Integer> assigned(List<Integer> lengths, int workers) {
    TreeMap<Integer, Long> counts = new TreeMap<>();
    lengths.forEach(length -> counts.merge(length, 1L, Long::sum));
    Balance balance = new Balance(counts, workers);
    TreeMap<Integer, Long> ranks = new TreeMap<>();
    return longestFirst(lengths).stream()
        .map(length -> balance.worker(length, ranks.merge(length, 1L, Long::sum) - 1))
        .toList();
  }

  /** Gives each row, longest first, to the worker with the fewest tokens. */
  private static List<Integer> greedy(List<Integer> lengths, int workers) {
    long[] loads = new long[workers];
    List<Integer> assigned = new ArrayList<>();
    for (int length : longestFirst(lengths)) {
      int least = 0;
      for (int worker = 1; worker < workers; worker++) {
        least = loads[worker] < loads[least] ? worker : least;
      }
      loads[least] += length;
      assigned.add(least);
    }
    return assigned;
  }

  private static List<Integer> longestFirst(List<Integer> lengths) {
    return lengths.stream().sorted(Comparator.reverseOrder()).toList();
  }
}
