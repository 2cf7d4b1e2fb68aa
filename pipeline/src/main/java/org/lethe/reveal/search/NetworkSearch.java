package org.lethe.reveal.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lethe.reveal.SeededRandom;
import org.lethe.reveal.search.SearchSettings.Repeats;
import org.lethe.reveal.search.SearchSettings.Strategy;
import org.lethe.tensor.NativeGarbage;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * NeuralUCB (Zhou, Li, Gu, ICML 2020) as INSTINCT uses it for instructions (arXiv 2310.02905). A
 * network is trained on the pulls so far, always from the same initial weights. The arm with the
 * highest prediction plus bonus is next. Greedy search is the same without the bonus.
 */
final class NetworkSearch implements ArmSearch {
  private static final double LEAST_DEVIATION = 1e-6;

  private final SearchSettings settings;
  private final double[][] contexts;
  private final RandomSearch random;

  /** Gradients that the published covariance keeps, of the pulls in {@code remembered}. */
  private final List<GradientFeatures> kept = new ArrayList<>();

  private final List<Pull> remembered = new ArrayList<>();

  /** Network of the latest choice, which the next choice reuses. */
  private Optional<Surrogate> latest = Optional.empty();

  NetworkSearch(SearchSettings settings, double[][] contexts) {
    this.settings = settings;
    this.contexts = Arrays.stream(contexts).map(double[]::clone).toArray(double[][]::new);
    this.random = new RandomSearch(settings, contexts.length);
  }

  @Override
  public List<Integer> opening() {
    return random.opening();
  }

  @Override
  public Optional<Choice> next(List<Pull> pulls) {
    if (pulls.size() < opening().size()) {
      return random.next(pulls);
    }
    int[] candidates = candidates(pulls);
    if (candidates.length == 0) {
      return Optional.empty();
    }
    Surrogate surrogate = surrogate(pulls);
    INDArray inputs = surrogate.inputs(candidates);
    double[] predicted = surrogate.network.predict(inputs);
    double[] bonus =
        settings.strategy() == Strategy.GREEDY
            ? new double[candidates.length]
            : bonus(surrogate, pulls, surrogate.network.gradients(inputs));
    int best = 0;
    for (int i = 1; i < candidates.length; i++) {
      if (predicted[i] + bonus[i] > predicted[best] + bonus[best]) {
        best = i;
      }
    }
    Choice.Belief belief =
        new Choice.Belief(
            predicted[best],
            bonus[best],
            deviation(predicted),
            Arrays.stream(bonus).average().orElseThrow());
    return Optional.of(new Choice(candidates[best], Optional.of(belief)));
  }

  private int[] candidates(List<Pull> pulls) {
    int[] open = IntStream.range(0, contexts.length).toArray();
    if (settings.repeats() == Repeats.NEVER) {
      Set<Integer> tried = pulls.stream().map(Pull::arm).collect(Collectors.toSet());
      open = Arrays.stream(open).filter(arm -> !tried.contains(arm)).toArray();
    }
    if (open.length <= settings.candidates()) {
      return open;
    }
    int[] all = open;
    int[] order =
        SeededRandom.of(settings.seed(), "candidates " + pulls.size()).permutation(open.length);
    return Arrays.stream(order, 0, settings.candidates()).map(i -> all[i]).sorted().toArray();
  }

  private double[] bonus(Surrogate surrogate, List<Pull> pulls, GradientFeatures candidates) {
    NetworkSettings network = settings.network();
    Optional<GradientFeatures> past =
        switch (network.scaling()) {
          case SCALED -> Optional.of(surrogate.network.gradients(surrogate.seen));
          case PUBLISHED -> kept(pulls);
        };
    double[] bonus;
    if (past.isEmpty()) {
      bonus = candidates.squaredNorms().toDoubleVector(); // Z = lambda I
      Arrays.setAll(bonus, i -> Math.sqrt(network.nu() * bonus[i]));
    } else {
      bonus =
          switch (network.covariance()) {
            case DIAGONAL ->
                ExplorationBonus.diagonal(past.get(), candidates, network.lambda(), network.nu());
            case FULL ->
                ExplorationBonus.full(past.get(), candidates, network.lambda(), network.nu());
          };
    }
    if (network.scaling() == NetworkSettings.Scaling.SCALED) {
      double root = Math.sqrt(network.width());
      Arrays.setAll(bonus, i -> bonus[i] / root);
    }
    return bonus;
  }

  /**
   * Returns the gradients of the arms pulled after the opening, each from the network that chose
   * it. A resumed search recomputes them from its pulls.
   */
  private Optional<GradientFeatures> kept(List<Pull> pulls) {
    if (!pulls.subList(0, Math.min(pulls.size(), remembered.size())).equals(remembered)) {
      kept.clear();
      remembered.clear();
    }
    int opening = opening().size();
    for (int t = Math.max(opening, remembered.size()); t < pulls.size(); t++) {
      Surrogate chooser = surrogate(pulls.subList(0, t));
      kept.add(chooser.network.gradients(chooser.inputs(new int[] {pulls.get(t).arm()})));
    }
    remembered.clear();
    remembered.addAll(pulls);
    return kept.isEmpty() ? Optional.empty() : Optional.of(GradientFeatures.concatenate(kept));
  }

  private Surrogate surrogate(List<Pull> pulls) {
    if (latest.isEmpty() || !latest.get().pulls.equals(pulls)) {
      latest = Optional.of(new Surrogate(List.copyOf(pulls)));
    }
    return latest.get();
  }

  /** The network after some pulls, with the scaling of its inputs. */
  private final class Surrogate {
    private final List<Pull> pulls;
    private final double[] mean;
    private final double[] deviation;
    private final INDArray seen;
    private final RewardNetwork network;

    private Surrogate(List<Pull> pulls) {
      this.pulls = pulls;
      NetworkSettings network = settings.network();
      int[] arms = pulls.stream().mapToInt(Pull::arm).toArray();
      double[] rewards = pulls.stream().mapToDouble(Pull::reward).toArray();
      boolean scaled = network.scaling() == NetworkSettings.Scaling.SCALED;
      int[] basis = scaled ? IntStream.range(0, contexts.length).toArray() : arms;
      int dimensions = contexts[0].length;
      this.mean = new double[dimensions];
      this.deviation = new double[dimensions];
      for (int j = 0; j < dimensions; j++) {
        int column = j;
        double[] values = Arrays.stream(basis).mapToDouble(arm -> contexts[arm][column]).toArray();
        mean[j] = Arrays.stream(values).average().orElseThrow();
        deviation[j] = Math.max(LEAST_DEVIATION, deviation(values));
      }
      this.seen = inputs(arms);
      this.network =
          RewardNetwork.initial(
              network, dimensions, network.lambda() / pulls.size(), settings.seed());
      // INSTINCT's code uses the initial weights for its first choice.
      if (scaled || pulls.size() > opening().size()) {
        this.network.train(seen, scaled ? standardised(rewards) : rewards, network.steps());
        NativeGarbage.collectIfGrown();
      }
    }

    private INDArray inputs(int[] arms) {
      double[][] rows = new double[arms.length][mean.length];
      for (int i = 0; i < arms.length; i++) {
        for (int j = 0; j < mean.length; j++) {
          rows[i][j] = (contexts[arms[i]][j] - mean[j]) / deviation[j];
        }
      }
      return Nd4j.createFromArray(rows);
    }
  }

  private static double[] standardised(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double deviation = Math.max(LEAST_DEVIATION, deviation(values));
    return Arrays.stream(values).map(value -> (value - mean) / deviation).toArray();
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }
}
