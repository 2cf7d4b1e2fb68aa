package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lethe.compute.Backend;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Products;
import org.lethe.compute.cuda.CudaBackend;
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

/**
 * Measures passes, a BLUR step and greedy generation of SmolLM2-135M's shape on a CUDA device.
 * tests/benchmarks/gpu/torch_passes.py measures the same in PyTorch; tests/gpu/check.sh runs both.
 *
 * <p>Arguments: float or tf32, rounds (default 5). Prints a line of CSV for each figure.
 */
public final class DeviceBenchmark {
  private static final int SEQUENCES = 16;
  private static final int LENGTH = 512;
  private static final int PROMPTS = 64;
  private static final int PROMPT_LENGTH = 32;
  private static final int NEW_TOKENS = 256;

  /** Shape of SmolLM2-135M. */
  private static final Architecture CONFIG =
      new LlamaConfig(
              576, 1536, 30, 9, 3, 64, 49152, 2048, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  private static final RandomTokens TOKENS = new RandomTokens(CONFIG.vocabularySize());

  private DeviceBenchmark() {}

  public static void main(String[] arguments) {
    String products = arguments[0];
    int rounds = new Arguments(arguments).number(1, 5);
    Backend backend =
        CudaBackend.open(0, Products.valueOf(products.toUpperCase(Locale.ROOT)), Optional.empty());
    try (Decoder decoder = Decoder.load(CONFIG, Adapter.full(), backend, new RandomWeights(1));
        Gradients forget = decoder.newGradients();
        Gradients retain = decoder.newGradients()) {
      Batch batch = TOKENS.batch(SEQUENCES, LENGTH);
      LogitLoss loss = LogitLoss.negativeLogLikelihood();
      report(products, "forward", median(rounds, () -> decoder.forward(batch)));
      report(
          products,
          "forward and backward",
          median(
              rounds,
              () -> {
                decoder.accumulate(batch, loss, forget);
                read(forget.flat());
              }));
      BlurStep blur = new BlurStep(decoder, batch, forget, retain);
      report(
          products,
          "two passes",
          median(
              rounds,
              () -> {
                blur.passes();
                read(retain.flat());
              }));
      try (OptimizerState state = blur.newState()) {
        report(
            products,
            "BLUR step",
            median(
                rounds,
                () -> {
                  blur.run(state, 0);
                  read(decoder.parameters());
                }));
      }
      generation(products, decoder);
    }
  }

  /** Waits for the device. */
  private static void read(FlatVector vector) {
    vector.get(0, new float[1], 0, 1);
  }

  private static void generation(String products, Decoder decoder) {
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < PROMPTS; i++) {
      prompts.add(TOKENS.row(i, PROMPT_LENGTH));
    }
    Generator generator =
        new Generator(decoder, new Generator.Settings(NEW_TOKENS, PROMPTS, Set.of()));
    report(
        products,
        "greedy generation 64 x (32 + 256)",
        median(2, () -> generator.generate(prompts, done -> {})));
  }

  private static double median(int rounds, Runnable work) {
    double[] seconds = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      long start = System.nanoTime();
      work.run();
      if (round >= 0) {
        seconds[round] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return seconds[rounds / 2];
  }

  private static void report(String products, String what, double seconds) {
    System.out.printf(Locale.ROOT, "lethe,%s,%s,%.1f%n", products, what, seconds * 1e3);
  }
}
