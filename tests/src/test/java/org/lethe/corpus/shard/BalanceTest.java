package org.lethe.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.lethe.corpus.input.InputRow.Place;
import org.lethe.corpus.input.PairDigest;

final class BalanceTest {

  @Property(seed = "42", tries = 200)
  void largestLoadIsAtMostTheMeanPlusOneRow(
      @ForAll @Size(max = 60) List<@IntRange(min = 2, max = 500) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 8) int workers) {
    List<RowSummary> rows = rows(lengths);

    Map<Place, Integer> assigned = Balance.assign(rows, workers);

    assertThat(assigned).hasSize(rows.size());
    long[] loads = new long[workers];
    rows.forEach(row -> loads[assigned.get(row.place())] += row.tokens());
    double mean =
        IntStream.of(lengths.stream().mapToInt(i -> i).toArray()).sum() / (double) workers;
    int longest = lengths.stream().mapToInt(i -> i).max().orElse(0);
    for (long load : loads) {
      assertThat((double) load).isLessThanOrEqualTo(mean + longest);
    }
  }

  @Property(seed = "42", tries = 50)
  void resultDoesNotDependOnTheOrderOfRows(
      @ForAll @Size(max = 60) List<@IntRange(min = 2, max = 9) Integer> lengths,
      @ForAll long seed) {
    List<RowSummary> rows = rows(lengths);
    List<RowSummary> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(Balance.assign(shuffled, 3)).isEqualTo(Balance.assign(rows, 3));
  }

  private static List<RowSummary> rows(List<Integer> lengths) {
    List<RowSummary> rows = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      rows.add(
          new RowSummary(
              new Place(0, i, 0, i + 1),
              RowSummary.Kind.ACCEPTED,
              "row" + i,
              PairDigest.of("p" + i, "c"),
              lengths.get(i),
              false,
              "",
              "",
              List.of()));
    }
    return rows;
  }
}
