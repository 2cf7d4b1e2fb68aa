package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lethe.compute.Backend;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Graphs;
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
import org.lethe.model.layer.Activations;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.lethe.text.Batch;

/**
 * Measures passes, a BLUR step and greedy generation of SmolLM2-135M's shape on a CUDA device, and
 * in bf16 LoRA on a shape of 1.1 billion weights. tests/benchmarks/gpu/torch_passes.py measures the
 * same in PyTorch; tests/gpu/check.sh runs both.
 *
 * <p>Arguments: float, tf32 or bf16, rounds (default 5), graphs to measure with CUDA graphs what
 * recurs. Prints a line of CSV for each figure.
 */
public final class DeviceBenchmark {
  /** A rehearsal on the emulated device, whose figures mean nothing. */
  private static final boolean TINY = Boolean.getBoolean("lethe.benchmark.tiny");

  private static final int SEQUENCES = TINY ? 2 : 16;
  private static final int LORA_SEQUENCES = TINY ? 1 : 8;
  private static final int LENGTH = TINY ? 8 : 512;
  private static final int PROMPTS = TINY ? 2 : 64;
  private static final int PROMPT_LENGTH = TINY ? 4 : 32;
  private static final int NEW_TOKENS = TINY ? 4 : 256;

  /** Shape of SmolLM2-135M. */
  static final Architecture SMALL = TINY ? tiny() : llama(576, 1536, 30, 9, 3, 49152, true);

  /** Shape of TinyLlama-1.1B. */
  private static final Architecture LARGE =
      TINY ? tiny() : llama(2048, 5632, 22, 32, 4, 32000, false);

  private static final LogitLoss LOSS = LogitLoss.negativeLogLikelihood();

  private final String products;
  private final int rounds;
  private final Backend backend;
  private final String suffix;

  private static Architecture llama(
      int hidden,
      int intermediate,
      int blocks,
      int heads,
      int keyValueHeads,
      int vocabulary,
      boolean isTied) {
    return new LlamaConfig(
            hidden,
            intermediate,
            blocks,
            heads,
            keyValueHeads,
            64,
            vocabulary,
            2048,
            1e-5,
            10000,
            Optional.empty(),
            isTied,
            Set.of())
        .architecture();
  }

  private static Architecture tiny() {
    return llama(128, 32, 2, 2, 1, 512, true);
  }

  private DeviceBenchmark(String products, int rounds, Graphs graphs) {
    this.products = products;
    this.rounds = rounds;
    backend = CudaBackend.open(0, precision(products), Optional.empty(), graphs);
    suffix = graphs == Graphs.ON ? " with graphs" : "";
  }

  public static void main(String[] arguments) {
    Graphs graphs = arguments.length > 2 ? Graphs.ON : Graphs.OFF;
    DeviceBenchmark benchmark =
        new DeviceBenchmark(arguments[0], new Arguments(arguments).number(1, 5), graphs);
    if (graphs == Graphs.ON) {
      benchmark.recurring();
      return;
    }
    benchmark.small();
    if (arguments[0].equals("bf16")) {
      benchmark.lora();
    }
  }

  static Backend backend(String products) {
    return CudaBackend.open(0, precision(products), Optional.empty());
  }

  private static Products precision(String products) {
    return products.equals("bf16")
        ? Products.BFLOAT16
        : Products.valueOf(products.toUpperCase(Locale.ROOT));
  }

  private void recurring() {
    try (Decoder decoder = Decoder.load(SMALL, Adapter.full(), backend, new RandomWeights(1));
        Gradients gradients = decoder.newGradients()) {
      passes(decoder, new RandomTokens(SMALL.vocabularySize()).batch(SEQUENCES, LENGTH), gradients);
      generation(decoder);
    }
  }

  private void passes(Decoder decoder, Batch batch, Gradients gradients) {
    report(
        "forward and backward",
        rounds,
        () -> {
          decoder.accumulate(batch, LOSS, gradients);
          read(gradients.flat());
        });
  }

  private void small() {
    try (Decoder decoder = Decoder.load(SMALL, Adapter.full(), backend, new RandomWeights(1));
        Gradients forget = decoder.newGradients();
        Gradients retain = decoder.newGradients()) {
      Batch batch = new RandomTokens(SMALL.vocabularySize()).batch(SEQUENCES, LENGTH);
      report("forward", rounds, () -> decoder.forward(batch));
      passes(decoder, batch, forget);
      BlurStep blur = new BlurStep(decoder, batch, forget, retain);
      report(
          "two passes",
          rounds,
          () -> {
            blur.passes();
            read(retain.flat());
          });
      try (OptimizerState state = blur.newState()) {
        report(
            "BLUR step",
            rounds,
            () -> {
              blur.run(state, 0);
              read(decoder.parameters());
            });
      }
      stateToTheHeapAndBack(decoder.parameters());
      generation(decoder);
    }
  }

  /** The copies at the start and end of a round. */
  private void stateToTheHeapAndBack(FlatVector parameters) {
    byte[] bytes = new byte[Math.toIntExact(Float.BYTES * parameters.length())];
    report(
        "parameters to the heap and back",
        rounds,
        () -> {
          parameters.get(0, bytes);
          parameters.put(0, bytes);
          read(parameters);
        });
  }

  private void lora() {
    Adapter adapter = new Adapter.Lora(16, 32, 0, Set.of(Adapter.Lora.ALL_LINEAR), 1);
    for (Activations activations : Activations.values()) {
      try (Decoder decoder =
              Decoder.load(
                  LARGE, adapter, backend, new BfloatWeights(new RandomWeights(1)), activations);
          Gradients gradients = decoder.newGradients()) {
        Batch batch = new RandomTokens(LARGE.vocabularySize()).batch(LORA_SEQUENCES, LENGTH);
        report(
            "LoRA of 1.1 B, activations " + activations.name().toLowerCase(Locale.ROOT),
            rounds,
            () -> {
              decoder.accumulate(batch, LOSS, gradients);
              read(gradients.flat());
            });
      }
    }
  }

  /** Weights of a file of BFLOAT16. */
  private record BfloatWeights(WeightSource source) implements WeightSource {
    @Override
    public boolean contains(String name) {
      return source.contains(name);
    }

    @Override
    public Dtype dtype(String name) {
      return Dtype.BF16;
    }

    @Override
    public void read(String name, TensorValues target) {
      float[] values = new float[Math.toIntExact(target.length())];
      source.read(name, new HeapTensor(values, target.shape()));
      for (int i = 0; i < values.length; i++) {
        values[i] = target.nearest(values[i]);
      }
      target.put(0, values, 0, values.length);
    }
  }

  /** Waits for the device. */
  private static void read(FlatVector vector) {
    vector.get(0, new float[1], 0, 1);
  }

  private void generation(Decoder decoder) {
    RandomTokens tokens = new RandomTokens(SMALL.vocabularySize());
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < PROMPTS; i++) {
      prompts.add(tokens.row(i, PROMPT_LENGTH));
    }
    Generator generator =
        new Generator(decoder, new Generator.Settings(NEW_TOKENS, PROMPTS, Set.of()));
    report("greedy generation 64 x (32 + 256)", 2, () -> generator.generate(prompts, done -> {}));
  }

  /** Prints the median time after one warm-up. */
  private void report(String what, int times, Runnable work) {
    double[] seconds = new double[times];
    for (int round = -1; round < times; round++) {
      long start = System.nanoTime();
      work.run();
      if (round >= 0) {
        seconds[round] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    System.out.printf(
        Locale.ROOT, "lethe,%s,%s%s,%.1f%n", products, what, suffix, seconds[times / 2] * 1e3);
  }
}
