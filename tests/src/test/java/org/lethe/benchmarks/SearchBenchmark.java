package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lethe.reveal.search.ArmSearch;
import org.lethe.reveal.search.Choice;
import org.lethe.reveal.search.NetworkSettings;
import org.lethe.reveal.search.NetworkSettings.Covariance;
import org.lethe.reveal.search.Pull;
import org.lethe.reveal.search.SearchSettings;
import org.lethe.reveal.search.SearchSettings.Strategy;
import org.lethe.reveal.search.SyntheticBandit;
import org.lethe.tensor.NativeBackend;

/**
 * Compares the best arms that the searches find on {@link SyntheticBandit} at equal budget.
 *
 * <p>Arguments: arms, dimensions, pulls, seeds, names of searches (default: all).
 */
public final class SearchBenchmark {
  private SearchBenchmark() {}

  public static void main(String[] arguments) {
    NativeBackend.prepare();
    int arms = Integer.parseInt(arguments[0]);
    int dimensions = Integer.parseInt(arguments[1]);
    int budget = Integer.parseInt(arguments[2]);
    int seeds = Integer.parseInt(arguments[3]);
    List<String> names = List.of(arguments).subList(4, arguments.length);
    for (String name : names.isEmpty() ? searches(0).keySet() : names) {
      List<Double> best = new ArrayList<>();
      List<Double> mean = new ArrayList<>();
      List<Double> ratio = new ArrayList<>();
      long start = System.nanoTime();
      for (int seed = 0; seed < seeds; seed++) {
        SyntheticBandit bandit = new SyntheticBandit(arms, dimensions, seed);
        SearchSettings settings = searches(seed).get(name);
        ArmSearch search = ArmSearch.of(settings, bandit.contexts());
        List<Pull> pulls = new ArrayList<>();
        double ratios = 0;
        while (pulls.size() < budget) {
          Choice choice = search.next(pulls).orElseThrow();
          ratios += choice.belief().map(b -> b.meanBonus() / b.spread()).orElse(0.0);
          pulls.add(new Pull(choice.arm(), bandit.observe(choice.arm(), pulls.size())));
        }
        best.add(bandit.best(pulls));
        mean.add(bandit.mean(pulls, settings.initialPulls()));
        ratio.add(ratios / Math.max(1, budget - settings.initialPulls()));
      }
      System.out.printf(
          Locale.ROOT,
          "%-16s best %.3f (sd %.3f, least %.3f)  mean after the opening %.3f  bonus/spread %.3f"
              + "  %.1f s a search%n",
          name,
          mean(best),
          deviation(best),
          best.stream().mapToDouble(v -> v).min().orElseThrow(),
          mean(mean),
          mean(ratio),
          (System.nanoTime() - start) / 1e9 / seeds);
    }
  }

  private static Map<String, SearchSettings> searches(long seed) {
    Map<String, SearchSettings> searches = new LinkedHashMap<>();
    searches.put("random", SearchSettings.scaled(Strategy.RANDOM, seed));
    searches.put("greedy", SearchSettings.scaled(Strategy.GREEDY, seed));
    for (double nu : new double[] {0.01, 0.1, 1, 10}) {
      searches.put("ucb-diagonal-" + nu, scaled(Covariance.DIAGONAL, nu, seed));
      searches.put("ucb-full-" + nu, scaled(Covariance.FULL, nu, seed));
    }
    searches.put("published", SearchSettings.published(Strategy.NEURAL_UCB, seed));
    searches.put("published-greedy", SearchSettings.published(Strategy.GREEDY, seed));
    return searches;
  }

  private static SearchSettings scaled(Covariance covariance, double nu, long seed) {
    SearchSettings settings = SearchSettings.scaled(Strategy.NEURAL_UCB, seed);
    NetworkSettings network = settings.network();
    return new SearchSettings(
        settings.strategy(),
        new NetworkSettings(
            network.width(),
            network.steps(),
            network.learningRate(),
            network.lambda(),
            nu,
            covariance,
            network.scaling()),
        settings.initialPulls(),
        settings.repeats(),
        settings.candidates(),
        seed);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElseThrow();
  }

  private static double deviation(List<Double> values) {
    double mean = mean(values);
    return Math.sqrt(
        values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }
}
