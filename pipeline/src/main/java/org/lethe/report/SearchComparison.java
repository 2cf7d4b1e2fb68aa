package org.lethe.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.report.LineChart.Series;
import org.lethe.reveal.search.SearchSettings.Strategy;

/**
 * Compares strategies of the search at equal budget: the mean reward of all pulls so far, over the
 * pulls that every run has made. A single pull says little, because a strategy that explores loses
 * some on purpose.
 */
final class SearchComparison {
  private static final Map<Strategy, String> STYLES =
      Map.of(Strategy.NEURAL_UCB, "accent", Strategy.GREEDY, "forget", Strategy.RANDOM, "retain");

  private SearchComparison() {}

  /**
   * Returns one line for each strategy, the mean over its runs.
   *
   * @param reports reveal reports of runs with the same topic cards
   */
  static List<Series> series(List<RevealReport> reports) {
    Map<Strategy, List<double[]>> runs = new EnumMap<>(Strategy.class);
    for (RevealReport report : reports) {
      runs.computeIfAbsent(report.strategy(), any -> new ArrayList<>()).add(meansSoFar(report));
    }
    int budget =
        runs.values().stream().flatMap(List::stream).mapToInt(run -> run.length).min().orElse(0);
    if (budget == 0) {
      return List.of();
    }
    double[] pulls = new double[budget];
    for (int i = 0; i < budget; i++) {
      pulls[i] = i + 1;
    }
    List<Series> series = new ArrayList<>();
    runs.forEach(
        (strategy, means) ->
            series.add(
                new Series(
                    label(strategy, means.size()),
                    STYLES.get(strategy),
                    pulls,
                    mean(means, budget))));
    return series;
  }

  private static String label(Strategy strategy, int runs) {
    String name = RevealSection.word(strategy.name());
    return runs == 1 ? name : name + " × " + runs;
  }

  /** Returns, for each pull, the mean reward of that pull and all earlier ones, [pulls]. */
  private static double[] meansSoFar(RevealReport report) {
    int most = report.cards().stream().mapToInt(card -> card.pulls().size()).max().orElse(0);
    List<Double> means = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < most; i++) {
      OptionalDouble reward = reward(report, i);
      if (reward.isEmpty()) {
        break;
      }
      sum += reward.getAsDouble();
      means.add(sum / (i + 1));
    }
    return means.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Returns the mean reward of a pull over the topics. */
  private static OptionalDouble reward(RevealReport report, int pull) {
    return report.cards().stream()
        .flatMap(card -> card.pulls().stream().skip(pull).limit(1))
        .flatMap(ask -> ask.reward().stream())
        .mapToDouble(reward -> reward.value())
        .average();
  }

  private static double[] mean(List<double[]> lines, int length) {
    double[] mean = new double[length];
    for (int i = 0; i < length; i++) {
      int place = i;
      mean[i] = lines.stream().mapToDouble(line -> line[place]).average().orElseThrow();
    }
    return mean;
  }
}
