package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.lethe.compute.Backend;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.generation.Generator;
import org.lethe.tensor.NativeBackend;
import org.lethe.tensor.WeightSource;

/**
 * Measures greedy generation with a key/value cache. tests/benchmarks/decoding/torch_decoding.py
 * measures the same in transformers.
 *
 * <p>Arguments: shape (stories15m or smollm2), products (float or bfloat16), weights (float or
 * bf16, which are read-only in 16 bits), rounds (5), sequences (16), tokens of a prompt (32), new
 * tokens (64). Prints lines of CSV as {@link PassMeter} does.
 */
public final class DecodingBenchmark {
  private DecodingBenchmark() {}

  public static void main(String[] arguments) {
    Arguments given = new Arguments(arguments);
    String[] labels = Arrays.copyOf(arguments, 3);
    int sequences = given.number(4, 16);
    int length = given.number(5, 32);
    NativeBackend.prepare();
    Architecture shape = BenchmarkShapes.of(labels[0]);
    Backend backend =
        labels[1].equals("float") ? new HeapBackend() : HeapBackend.ofBfloatProducts();
    WeightSource random = new RandomWeights(1);
    WeightSource weights = labels[2].equals("bf16") ? new BenchmarkShapes.Cut(random) : random;
    RandomTokens tokens = new RandomTokens(shape.vocabularySize());
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      prompts.add(tokens.row(i, length));
    }
    PassMeter meter = new PassMeter(String.join(",", labels), given.number(3, 5));
    try (Decoder decoder = Decoder.load(shape, Adapter.frozen(), backend, weights)) {
      measure(meter, "first token", decoder, prompts, 1);
      measure(meter, "generation", decoder, prompts, given.number(6, 64));
    }
  }

  private static void measure(
      PassMeter meter, String what, Decoder decoder, List<int[]> prompts, int newTokens) {
    Generator generator =
        new Generator(decoder, new Generator.Settings(newTokens, prompts.size(), Set.of()));
    meter.measure(what, 0, () -> generator.generate(prompts, finished -> {}));
  }
}
