package org.lethe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealReport.FilterCounts;
import org.lethe.cluster.reveal.RevealStep.Trial;
import org.lethe.report.LineChart.Series;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings.Strategy;

final class SearchComparisonTest {
  @Test
  void strategiesAreComparedAtEqualBudget() {
    List<Series> series =
        SearchComparison.series(
            List.of(
                // Two topics: 0.4, 0.6 by pull.
                report(Strategy.NEURAL_UCB, card(0.2, 0.8), card(0.6, 0.4)),
                report(Strategy.RANDOM, card(0.1, 0.3, 0.9)),
                report(Strategy.RANDOM, card(0.3, 0.1, 0.9))));

    assertThat(series).extracting(Series::label).containsExactly("neural-ucb", "random × 2");
    assertThat(series.get(0).x()).containsExactly(1, 2);
    assertThat(series.get(0).y()).containsExactly(new double[] {0.4, 0.5}, within(1e-12));
    assertThat(series.get(1).y()).containsExactly(new double[] {0.2, 0.2}, within(1e-12));
  }

  @Test
  void noComparisonIfARunHasNoPulls() {
    assertThat(
            SearchComparison.series(
                List.of(report(Strategy.GREEDY, card(0.2)), report(Strategy.RANDOM, card()))))
        .isEmpty();
  }

  private static RevealReport report(Strategy strategy, CardReport... cards) {
    return new RevealReport(RevealReport.FORMAT, strategy, List.of(cards), List.of());
  }

  private static CardReport card(double... rewards) {
    List<Trial> pulls =
        DoubleStream.of(rewards)
            .mapToObj(
                value ->
                    new Trial(
                        "a",
                        0,
                        "arm",
                        0,
                        8,
                        4,
                        90,
                        Optional.of(new Reward(value, 0.5, 0.5, 0.5)),
                        Optional.empty()))
            .toList();
    return new CardReport(
        "a",
        9,
        pulls,
        List.of(),
        16,
        90,
        List.of(),
        "",
        "",
        new FilterCounts(1, 1, new TreeMap<>()),
        List.of(),
        1,
        0,
        0.2,
        1,
        0);
  }
}
