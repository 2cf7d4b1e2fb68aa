package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lethe.direction.OptimizerState;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.generation.Generator;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Measures forward and backward passes of stories15M's shape, their matrix products alone, and
 * batched greedy generation. tests/parity/bench_forward_backward.py measures the same in PyTorch;
 * run the two in turn.
 *
 * <p>Arguments: rounds (default 10), sequences (8), length (128). Prints medians and minima.
 */
public final class ForwardBackwardBenchmark {
  private ForwardBackwardBenchmark() {}

  /** Shape of stories15M. */
  private static final Architecture CONFIG =
      new LlamaConfig(
              288, 768, 6, 6, 6, 48, 32000, 256, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  private static final RandomTokens TOKENS = new RandomTokens(CONFIG.vocabularySize());

  public static void main(String[] arguments) {
    Arguments given = new Arguments(arguments);
    int rounds = given.number(0, 10);
    int sequences = given.number(1, 8);
    int length = given.number(2, 128);
    Batch batch = TOKENS.batch(sequences, length);
    try (Decoder decoder =
            Decoder.load(CONFIG, Adapter.full(), DataType.FLOAT, new RandomWeights(1));
        Gradients gradients = decoder.newGradients();
        ProductsAlone products = new ProductsAlone(decoder.backend(), CONFIG, sequences, length)) {
      LogitLoss loss = LogitLoss.negativeLogLikelihood();
      double[] steps = new double[rounds];
      double[] alone = new double[rounds];
      double[] forwards = new double[rounds];
      for (int round = -3; round < rounds; round++) {
        double step = seconds(() -> decoder.accumulate(batch, loss, gradients));
        double product = seconds(products::run);
        double forward = seconds(() -> decoder.forward(batch));
        if (round >= 0) {
          steps[round] = step;
          alone[round] = product;
          forwards[round] = forward;
        }
      }
      long tokens = (long) sequences * length;
      report("forward + backward", steps, tokens);
      report("its products alone", alone, tokens);
      report("forward", forwards, tokens);
      blurStep(decoder, batch, gradients, rounds);
      generation(decoder, Math.max(2, rounds / 3));
    }
  }

  /** Measures a forget and a retain pass in turn, alone and with direction, clipping and AdamW. */
  private static void blurStep(Decoder decoder, Batch batch, Gradients forget, int rounds) {
    double[] passes = new double[rounds];
    double[] steps = new double[rounds];
    try (Gradients retain = decoder.newGradients()) {
      BlurStep blur = new BlurStep(decoder, batch, forget, retain);
      try (OptimizerState state = blur.newState()) {
        for (int round = -2; round < rounds; round++) {
          int number = round + 2;
          double pass = seconds(blur::passes);
          double step = seconds(() -> blur.run(state, number));
          if (round >= 0) {
            passes[round] = pass;
            steps[round] = step;
          }
        }
      }
    }
    long tokens = 2L * batch.size() * batch.length();
    report("forget and retain pass", passes, tokens);
    report("BLUR step", steps, tokens);
  }

  private static void generation(Decoder decoder, int rounds) {
    int newTokens = 64;
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      prompts.add(TOKENS.row(i, 32));
    }
    Generator generator =
        new Generator(decoder, new Generator.Settings(newTokens, prompts.size(), Set.of()));
    double[] seconds = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      double taken = seconds(() -> generator.generate(prompts, done -> {}));
      if (round >= 0) {
        seconds[round] = taken;
      }
    }
    report("greedy generation, 16 x (32 + 64)", seconds, (long) newTokens * prompts.size());
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void report(String what, double[] seconds, long tokens) {
    double[] sorted = seconds.clone();
    java.util.Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    System.out.printf(
        Locale.ROOT,
        "%-36s median %8.1f ms, best %8.1f ms, %9.0f tokens/s%n",
        what,
        median * 1e3,
        sorted[0] * 1e3,
        tokens / median);
  }
}
