package org.lethe.reveal.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lethe.reveal.SeededRandom;

/**
 * A bandit with a known best arm. Contexts are 10 hidden numbers mapped through random tanh units
 * plus noise. The true reward is a random two-layer function of the hidden numbers, scaled over the
 * arms from 0 to 1 and cubed, so that good arms are rare. Observed rewards are noisy.
 */
public final class SyntheticBandit {
  private static final int LATENT = 10;
  private static final int UNITS = 20;
  private static final double NOISE = 0.05;

  private final double[][] contexts;
  private final double[] rewards;
  private final long seed;

  public SyntheticBandit(int arms, int dimensions, long seed) {
    SeededRandom draws = SeededRandom.of(seed, "synthetic bandit");
    double[][] map = normals(draws, dimensions, LATENT, 1 / Math.sqrt(LATENT));
    double[][] hidden = normals(draws, UNITS, LATENT, 1.5 / Math.sqrt(LATENT));
    double[] output = normals(draws, 1, UNITS, 1)[0];
    this.seed = seed;
    this.contexts = new double[arms][dimensions];
    this.rewards = new double[arms];
    for (int arm = 0; arm < arms; arm++) {
      double[] latent = normals(draws, 1, LATENT, 1)[0];
      for (int j = 0; j < dimensions; j++) {
        contexts[arm][j] = Math.tanh(dot(map[j], latent)) + 0.1 * draws.normal();
      }
      for (int unit = 0; unit < UNITS; unit++) {
        rewards[arm] += output[unit] * Math.tanh(dot(hidden[unit], latent));
      }
    }
    double least = Arrays.stream(rewards).min().orElseThrow();
    double most = Arrays.stream(rewards).max().orElseThrow();
    Arrays.setAll(rewards, arm -> Math.pow((rewards[arm] - least) / (most - least), 3));
  }

  public double[][] contexts() {
    return contexts;
  }

  /** Returns the observation of one pull. The same arm and time give the same value. */
  public double observe(int arm, int time) {
    double noise = NOISE * SeededRandom.of(seed, "noise " + arm + " " + time).normal();
    return Math.max(0, Math.min(1, rewards[arm] + noise));
  }

  /** Lets a search pull this number of arms. */
  public List<Pull> play(ArmSearch search, int budget) {
    List<Pull> pulls = new ArrayList<>();
    while (pulls.size() < budget) {
      int arm = search.next(pulls).orElseThrow().arm();
      pulls.add(new Pull(arm, observe(arm, pulls.size())));
    }
    return pulls;
  }

  /** Returns the true reward of the best arm that was pulled. The maximum is 1. */
  public double best(List<Pull> pulls) {
    return pulls.stream().mapToDouble(pull -> rewards[pull.arm()]).max().orElseThrow();
  }

  /** Returns the mean true reward of the pulls after the first ones. */
  public double mean(List<Pull> pulls, int from) {
    return pulls.stream()
        .skip(from)
        .mapToDouble(pull -> rewards[pull.arm()])
        .average()
        .orElseThrow();
  }

  private static double[][] normals(SeededRandom draws, int rows, int columns, double deviation) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      Arrays.setAll(row, j -> deviation * draws.normal());
    }
    return values;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
