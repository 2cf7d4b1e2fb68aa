package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Backend;
import org.lethe.compute.Graphs;
import org.lethe.compute.Products;
import org.lethe.compute.Vectors;
import org.lethe.compute.cuda.CudaBackend;
import org.lethe.compute.cuda.EmulatedDevice;
import org.lethe.compute.cuda.TestDevice;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.generation.Generator;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Work that is replayed from CUDA graphs gives the bytes that it gives without them. */
final class CudaGraphsTest {
  private static final int WORDS = 48;
  private static final int NEW_TOKENS = 12;

  private static final Architecture SMALL =
      new LlamaConfig(32, 48, 2, 2, 1, 16, WORDS, 64, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  @BeforeAll
  static void device() {
    TestDevice.backend();
  }

  private static Backend backend(Products products, Graphs graphs) {
    return CudaBackend.open(0, products, Optional.empty(), graphs);
  }

  /** Rows with the same lengths in every step, and other tokens. */
  private static Batch batch(int step) {
    List<Example> examples = new ArrayList<>();
    for (int b = 0; b < 2; b++) {
      int[] tokens = new int[6 + b];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = 3 + (17 * b + 31 * i + 5 * step + i * i % 7) % (WORDS - 3);
      }
      examples.add(new Example("row " + b, tokens, 1));
    }
    return Batch.of(examples);
  }

  /** Losses and gradients of several steps. */
  private static List<double[]> trained(Backend backend, Adapter adapter, Dtype stored) {
    List<double[]> results = new ArrayList<>();
    WeightSource weights = new RoundedWeights(Dtype.BF16, stored);
    try (Decoder decoder = Decoder.load(SMALL, adapter, backend, weights);
        Gradients gradients = decoder.newGradients()) {
      for (int step = 0; step < 4; step++) {
        decoder.beginStep(7, step);
        gradients.flat().math().fill(0, gradients.flat());
        LogitLoss loss = LogitLoss.negativeLogLikelihood();
        results.add(new double[] {decoder.accumulate(batch(step), loss, gradients)});
        results.add(Vectors.values(gradients.flat()));
        gradients.flat().math().axpby(-0.01, gradients.flat(), 1, decoder.parameters());
      }
    }
    return results;
  }

  private static void assertSameTraining(Products products, Adapter adapter, Dtype stored) {
    List<double[]> expected = trained(backend(products, Graphs.OFF), adapter, stored);
    long before = graphLaunches();
    List<double[]> found = trained(backend(products, Graphs.ON), adapter, stored);
    assertReplayed(before);
    assertThat(found).usingRecursiveComparison().isEqualTo(expected);
  }

  private static long graphLaunches() {
    return TestDevice.isReal() ? 0 : EmulatedDevice.install().graphLaunches();
  }

  private static void assertReplayed(long before) {
    if (!TestDevice.isReal()) {
      assertThat(graphLaunches()).as("launches of graphs").isGreaterThan(before + 3);
    }
  }

  @Test
  void trainingHasTheSameBytes() {
    assertSameTraining(Products.FLOAT, Adapter.full(), Dtype.F32);
  }

  @Test
  void trainingBesideBfloatWeightsHasTheSameBytes() {
    Adapter lora = new Adapter.Lora(4, 8, 0.1, Set.of(Adapter.Lora.ALL_LINEAR), 3);
    assertSameTraining(Products.TF32, lora, Dtype.BF16);
  }

  /** Weights large enough for texts that do not repeat one word. */
  private record Scaled(double scale) implements WeightSource {
    @Override
    public boolean contains(String name) {
      return true;
    }

    @Override
    public void read(String name, TensorValues target) {
      new RandomWeights(5).read(name, target);
      float[] values = new float[Math.toIntExact(target.length())];
      target.get(0, values, 0, values.length);
      for (int i = 0; i < values.length; i++) {
        values[i] *= (float) scale;
      }
      target.put(0, values, 0, values.length);
    }
  }

  /** Texts of two decoders, of which the second has the addresses of the first. */
  private static List<int[]> texts(Backend backend, Set<Integer> endTokens) {
    List<int[]> prompts =
        List.of(new int[] {1, 40, 41}, new int[] {1}, new int[] {1, 9, 10}, new int[] {1, 7});
    List<int[]> texts = new ArrayList<>();
    for (double scale : List.of(10., 14.)) {
      try (Decoder decoder = Decoder.load(SMALL, Adapter.frozen(), backend, new Scaled(scale))) {
        Generator.Settings settings = new Generator.Settings(NEW_TOKENS, 3, endTokens);
        texts.addAll(new Generator(decoder, settings).generate(prompts, done -> {}));
      }
    }
    return texts;
  }

  /** Sequences end at different steps, so the number of rows changes. */
  @Test
  void textIsTheSame() {
    Backend plain = backend(Products.FLOAT, Graphs.OFF);
    List<int[]> all = texts(plain, Set.of());
    Set<Integer> ends = Set.of(all.get(0)[8], all.get(2)[5]);
    List<int[]> expected = texts(plain, ends);
    assertThat(expected).extracting(text -> text.length).contains(8, 5, NEW_TOKENS);
    long before = graphLaunches();
    List<int[]> found = texts(backend(Products.FLOAT, Graphs.ON), ends);
    assertReplayed(before);
    assertThat(found).usingRecursiveComparison().isEqualTo(expected);
  }
}
