package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Vectors;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.generation.Generator;
import org.lethe.model.layer.Activations;
import org.lethe.model.layer.Rotations;
import org.lethe.tensor.Dtype;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Frozen weights in 16 bits: widening is exact, so every result has the same bits as in FLOAT. */
final class HalfWeightsTest {
  private static final Adapter LORA =
      new Adapter.Lora(4, 8, 0.1, Set.of(Adapter.Lora.ALL_LINEAR), 3);
  private static final Adapter LAST_BLOCK =
      new Adapter.Chosen(List.of("layers.1.mlp.down_proj", "layers.1.self_attn.k_proj"));

  private static Architecture architecture(boolean tied) {
    return new LlamaConfig(
            128, 352, 2, 8, 4, 16, 301, 200, 1e-5, 10000, Optional.empty(), tied, Set.of())
        .architecture();
  }

  private static Decoder decoder(boolean tied, Adapter adapter, Dtype values, Dtype stored) {
    Architecture architecture = architecture(tied);
    return Decoder.load(
        architecture,
        adapter,
        new HeapBackend(),
        new RoundedWeights(values, stored),
        Rotations.of(architecture),
        Activations.KEPT,
        3);
  }

  /** Sequences for products cut by rows (many rows) and by columns (few rows). */
  private static Batch batch(int sequences) {
    List<Example> examples = new ArrayList<>();
    for (int b = 0; b < sequences; b++) {
      int[] tokens = new SplittableRandom(b).ints(20 + 37 * b, 3, 301).toArray();
      examples.add(new Example("row " + b, tokens, 1 + b));
    }
    return Batch.of(examples);
  }

  private static List<Object> results(Decoder decoder) {
    List<Object> results = new ArrayList<>();
    decoder.beginStep(1, 2);
    for (int sequences : new int[] {1, 2, 5}) {
      try (Gradients gradients = decoder.newGradients()) {
        decoder.accumulate(batch(sequences), LogitLoss.negativeLogLikelihood(), gradients);
        results.add(Vectors.values(gradients.flat()));
      }
    }
    results.addAll(evaluated(decoder));
    return results;
  }

  private static List<Object> evaluated(Decoder decoder) {
    List<Object> results = new ArrayList<>();
    for (int sequences : new int[] {1, 2, 5}) {
      results.add(decoder.forward(batch(sequences)).sums());
    }
    List<int[]> prompts = List.of(new int[] {1, 40, 41}, new int[] {1}, new int[] {1, 9, 200});
    results.addAll(
        new Generator(decoder, new Generator.Settings(8, 2, Set.of())).generate(prompts, i -> {}));
    Map<String, float[]> merged = new TreeMap<>();
    decoder.forEachTensor(
        (name, values) -> {
          float[] copy = new float[Math.toIntExact(values.length())];
          values.get(0, copy, 0, copy.length);
          merged.put(name, copy);
        });
    results.addAll(merged.values());
    return results;
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void factorsTrainAsBesideFloatWeights(Dtype dtype) {
    for (boolean tied : new boolean[] {true, false}) {
      assertSame(tied, LORA, dtype);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void chosenWeightsTrainAsBesideFloatWeights(Dtype dtype) {
    assertSame(false, LAST_BLOCK, dtype);
  }

  private static void assertSame(boolean tied, Adapter adapter, Dtype dtype) {
    try (Decoder half = decoder(tied, adapter, dtype, dtype);
        Decoder whole = decoder(tied, adapter, dtype, Dtype.F32)) {
      List<Object> actual = results(half);
      List<Object> expected = results(whole);
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(actual.get(i)).isEqualTo(expected.get(i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void aModelThatOnlyEvaluatesGivesTheResultsOfATrainedOne(Dtype dtype) {
    try (Decoder frozen = decoder(true, Adapter.frozen(), dtype, dtype);
        Decoder whole = decoder(true, Adapter.full(), dtype, Dtype.F32)) {
      assertThat(frozen.layout().size()).isZero();
      assertThat(evaluated(frozen)).usingRecursiveComparison().isEqualTo(evaluated(whole));
    }
  }

  @Test
  void aValueThatDoesNotFitIsRejected() {
    assertThatThrownBy(() -> decoder(true, LORA, Dtype.F16, Dtype.BF16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Invalid value: ")
        .hasMessageEndingWith(" is not exact in BF16");
  }
}
