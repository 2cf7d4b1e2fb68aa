package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Backend;
import org.lethe.compute.Products;
import org.lethe.compute.Vectors;
import org.lethe.compute.cuda.CudaBackend;
import org.lethe.compute.cuda.TestDevice;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.generation.Generator;
import org.lethe.tensor.Dtype;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Training on a CUDA device in each precision, and beside frozen weights in BFLOAT16. */
final class CudaTrainingTest {
  private static final int WORDS = 160;

  /** Products of its projections are large enough to be rounded. */
  private static final Architecture SMALL =
      new LlamaConfig(
              128, 128, 2, 4, 4, 32, WORDS, 128, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  private static final Adapter LORA =
      new Adapter.Lora(8, 16, 0, Set.of(Adapter.Lora.ALL_LINEAR), 3);

  @BeforeAll
  static void device() {
    TestDevice.backend();
  }

  private static Backend cuda(Products products) {
    return CudaBackend.open(0, products, Optional.empty());
  }

  private static Batch batch() {
    List<Example> examples = new ArrayList<>();
    for (int b = 0; b < 4; b++) {
      int[] tokens = new int[41];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = 3 + (17 * b + 31 * i + i * i % 7) % (WORDS - 3);
      }
      examples.add(new Example("row " + b, tokens, 1));
    }
    return Batch.of(examples);
  }

  private static Decoder decoder(Backend backend, Adapter adapter, Dtype stored) {
    return Decoder.load(SMALL, adapter, backend, new RoundedWeights(Dtype.BF16, stored));
  }

  /** Loss and gradient with the given backend, relative to those on the CPU in FLOAT. */
  private static void compare(
      Adapter adapter, Backend backend, Dtype stored, double ofLoss, double ofGradient) {
    try (Decoder exact = decoder(new HeapBackend(), adapter, Dtype.F32);
        Decoder tested = decoder(backend, adapter, stored);
        Gradients expected = exact.newGradients();
        Gradients found = tested.newGradients()) {
      LogitLoss loss = LogitLoss.negativeLogLikelihood();
      double of = exact.accumulate(batch(), loss, expected);
      double with = tested.accumulate(batch(), loss, found);
      assertThat(with).as("%s", adapter).isCloseTo(of, within(ofLoss * of));
      assertThat(difference(expected, found)).as("%s", adapter).isLessThan(ofGradient);
    }
  }

  /** |found - expected| / |expected|. */
  private static double difference(Gradients expected, Gradients found) {
    double[] wanted = Vectors.values(expected.flat());
    double[] actual = Vectors.values(found.flat());
    double difference = 0;
    double length = 0;
    for (int i = 0; i < wanted.length; i++) {
      difference += Math.pow(actual[i] - wanted[i], 2);
      length += Math.pow(wanted[i], 2);
    }
    return Math.sqrt(difference / length);
  }

  @ParameterizedTest
  @EnumSource(
      value = Products.class,
      names = {"TF32", "BFLOAT16"})
  void roundedProductsAreCloseToFloat(Products products) {
    double rounding = products == Products.TF32 ? 0x1p-11 : 0x1p-8;
    for (Adapter adapter : List.of(Adapter.full(), LORA)) {
      compare(adapter, cuda(products), Dtype.F32, rounding, 10 * rounding);
    }
  }

  @Test
  void factorsTrainBesideBfloatWeightsAsBesideFloatWeights() {
    compare(LORA, cuda(Products.FLOAT), Dtype.F32, 1e-6, 1e-5);
    compare(LORA, cuda(Products.FLOAT), Dtype.BF16, 1e-6, 1e-5);
    compare(LORA, cuda(Products.TF32), Dtype.BF16, 0x1p-11, 10 * 0x1p-11);
    compare(LORA, cuda(Products.BFLOAT16), Dtype.BF16, 0x1p-8, 10 * 0x1p-8);
  }

  @Test
  void frozenModelsGenerateTheSameText() {
    List<int[]> prompts = List.of(new int[] {1, 40, 41}, new int[] {1}, new int[] {1, 9, 100});
    try (Decoder exact = decoder(new HeapBackend(), Adapter.frozen(), Dtype.F32);
        Decoder half = decoder(cuda(Products.FLOAT), Adapter.frozen(), Dtype.BF16)) {
      assertThat(texts(half, prompts)).usingRecursiveComparison().isEqualTo(texts(exact, prompts));
      List<String> names = new ArrayList<>();
      half.forEachTensor((name, values) -> names.add(name));
      assertThat(names).contains("model.embed_tokens.weight").hasSize(SMALL.tensors().size());
    }
  }

  private static List<int[]> texts(Decoder decoder, List<int[]> prompts) {
    return new Generator(decoder, new Generator.Settings(8, 2, Set.of()))
        .generate(prompts, i -> {});
  }

  /** Factors are merged in FLOAT, whatever the type of the weights beside them. */
  @Test
  void factorsAreMergedIntoBfloatWeights() {
    try (Decoder half = decoder(cuda(Products.FLOAT), LORA, Dtype.BF16);
        Decoder whole = decoder(new HeapBackend(), LORA, Dtype.F32)) {
      for (Decoder decoder : List.of(half, whole)) {
        decoder.parameters().math().fill(0.01, decoder.parameters());
      }
      List<float[]> expected = merged(whole);
      List<float[]> found = merged(half);
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-6f));
      }
    }
  }

  private static List<float[]> merged(Decoder decoder) {
    List<float[]> tensors = new ArrayList<>();
    decoder.forEachTensor(
        (name, values) -> {
          float[] copy = new float[Math.toIntExact(values.length())];
          values.get(0, copy, 0, copy.length);
          tensors.add(copy);
        });
    return tensors;
  }
}
