package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrices;
import org.lethe.compute.Matrix;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Compares gradients with central differences in DOUBLE, and FLOAT arithmetic with DOUBLE. */
final class GradientTest {
  private static final double STEP = 1e-5;

  private static Architecture config(boolean tied, boolean biased) {
    return new LlamaConfig(
            12,
            20,
            2,
            4,
            2,
            6,
            29,
            64,
            1e-5,
            1000,
            Optional.of(new RotaryPositions.Llama3Scaling(4, 1, 4, 16)),
            tied,
            biased ? EnumSet.allOf(Projection.class) : Set.of())
        .architecture();
  }

  private static Batch batch() {
    return Batch.of(
        List.of(
            new Example("a", new int[] {1, 5, 9, 5, 7, 2}, 2),
            new Example("b", new int[] {1, 4, 20, 28, 2}, 3)));
  }

  /** A loss weighted by position, so that rows have different weights. */
  private static LogitLoss weighted() {
    return chunk -> {
      double[] losses = chunk.tokenLosses();
      double[] weights = new double[losses.length];
      double sum = 0;
      for (int row = 0; row < losses.length; row++) {
        weights[row] = 1 + 0.3 * (chunk.firstRow() + row);
        sum += weights[row] * losses[row];
      }
      chunk.nllGradient(weights);
      return sum;
    };
  }

  private static void checkAllTensors(Decoder decoder, LogitLoss loss) {
    Batch batch = batch();
    try (Gradients gradients = decoder.newGradients()) {
      decoder.accumulate(batch, loss, gradients);
      FlatVector parameters = decoder.parameters();
      for (ParameterLayout.Entry entry : decoder.layout().entries()) {
        for (int probe = 0; probe < 2; probe++) {
          long index = entry.offset() + (probe * 7919L + 3) % entry.length();
          double expected =
              FiniteDifferences.slope(parameters, index, STEP, () -> value(decoder, batch, loss));
          assertThat(Vectors.value(gradients.flat(), index))
              .as("%s at %d", entry.name(), index - entry.offset())
              .isCloseTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
        }
      }
    }
  }

  /**
   * The loss alone. A decoder with dropout runs a training pass, because only training passes apply
   * masks.
   */
  private static double value(Decoder decoder, Batch batch, LogitLoss loss) {
    if (decoder.adapter() instanceof Adapter.Lora lora && lora.dropout() > 0) {
      try (Gradients ignored = decoder.newGradients()) {
        return decoder.accumulate(batch, loss, ignored);
      }
    }
    double[] sum = new double[1];
    decoder.forward(batch, chunk -> sum[0] += loss.apply(chunk));
    return sum[0];
  }

  private static Decoder full(Architecture config, TestBackend backend) {
    return Decoder.load(config, Adapter.full(), backend.backend(), new FormulaWeights());
  }

  @Test
  void everyTensorOfATiedDecoder() {
    try (Decoder decoder = full(config(true, false), TestBackend.ARRAY_DOUBLE)) {
      checkAllTensors(decoder, weighted());
    }
  }

  @Test
  void everyTensorOfAnUntiedDecoderWithBiases() {
    try (Decoder decoder = full(config(false, true), TestBackend.ARRAY_DOUBLE)) {
      checkAllTensors(decoder, weighted());
    }
  }

  @Test
  void divergenceFromAnotherModel() {
    List<double[]> reference = new ArrayList<>();
    try (Decoder other =
            Decoder.load(
                config(false, true),
                Adapter.full(),
                TestBackend.ARRAY_DOUBLE.backend(),
                new RandomWeights(3));
        Decoder decoder = full(config(false, true), TestBackend.ARRAY_DOUBLE)) {
      other.forward(batch(), chunk -> reference.addAll(List.of(Matrices.rows(chunk.logits()))));
      checkAllTensors(decoder, divergence(decoder, reference.toArray(double[][]::new), 1));
    }
  }

  private static Adapter.Lora lora(double dropout) {
    return new Adapter.Lora(3, 6, dropout, Projection.moduleNames(), 5);
  }

  /** A decoder with a B other than zero, because the initial zero would hide the gradient of A. */
  private static Decoder adapted(TestBackend backend, double dropout) {
    Decoder decoder =
        Decoder.load(config(false, true), lora(dropout), backend.backend(), new FormulaWeights());
    for (ParameterLayout.Entry entry : decoder.layout().entries()) {
      new FormulaWeights().read(entry.name(), decoder.layout().view(decoder.parameters(), entry));
    }
    return decoder;
  }

  @Test
  void everyFactorOfAnAdapter() {
    try (Decoder decoder = adapted(TestBackend.ARRAY_DOUBLE, 0)) {
      checkAllTensors(decoder, weighted());
    }
  }

  @Test
  void everyFactorOfAnAdapterWithDropout() {
    try (Decoder decoder = adapted(TestBackend.ARRAY_DOUBLE, 0.3)) {
      decoder.beginStep(17, 4);
      checkAllTensors(decoder, weighted());
    }
  }

  private static void assertSame(Decoder exact, Decoder fast, LogitLoss loss, LogitLoss fastLoss) {
    try (Gradients expected = exact.newGradients();
        Gradients actual = fast.newGradients()) {
      double exactLoss = exact.accumulate(batch(), loss, expected);
      assertThat(fast.accumulate(batch(), fastLoss, actual))
          .isCloseTo(exactLoss, within(1e-5 * Math.abs(exactLoss)));
      for (ParameterLayout.Entry entry : exact.layout().entries()) {
        TensorValues e = exact.layout().view(expected.flat(), entry);
        TensorValues a = fast.layout().view(actual.flat(), entry);
        assertThat(Vectors.distance(a, e))
            .as(entry.name())
            .isLessThan(3e-5 * (1e-3 + Vectors.norm(e)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP_FLOAT", "ARRAY_FLOAT"})
  void floatArithmeticAgreesWithDouble(TestBackend backend) {
    for (boolean biased : new boolean[] {false, true}) {
      Architecture config = config(!biased, biased);
      try (Decoder exact = full(config, TestBackend.ARRAY_DOUBLE);
          Decoder fast = full(config, backend)) {
        assertSame(exact, fast, weighted(), weighted());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP_FLOAT", "ARRAY_FLOAT"})
  void floatAdapterAgreesWithDouble(TestBackend backend) {
    for (double dropout : new double[] {0, 0.4}) {
      try (Decoder exact = adapted(TestBackend.ARRAY_DOUBLE, dropout);
          Decoder fast = adapted(backend, dropout)) {
        exact.beginStep(1, 2);
        fast.beginStep(1, 2);
        assertSame(exact, fast, weighted(), weighted());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP_FLOAT", "ARRAY_FLOAT"})
  void floatDivergenceAgreesWithDouble(TestBackend backend) {
    Nd4j.getRandom().setSeed(7);
    double[][] reference =
        Nd4j.rand(DataType.DOUBLE, batch().completionTokens(), 29).muli(3).toDoubleMatrix();
    try (Decoder exact = full(config(false, true), TestBackend.ARRAY_DOUBLE);
        Decoder fast = full(config(false, true), backend)) {
      assertSame(exact, fast, divergence(exact, reference, 0.7), divergence(fast, reference, 0.7));
    }
  }

  /** Divergence from the reference's logits, with all rows in one chunk. */
  private static LogitLoss divergence(Decoder decoder, double[][] reference, double weight) {
    return chunk -> {
      try (Matrix copy = Matrices.of(decoder.backend(), reference)) {
        return chunk.divergence(copy, weight);
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void aBatchIsTheSumOfItsSequences(TestBackend backend) {
    try (Decoder decoder = full(config(true, false), backend);
        Gradients together = decoder.newGradients();
        Gradients apart = decoder.newGradients()) {
      LogitLoss loss = LogitLoss.negativeLogLikelihood();
      double sum = decoder.accumulate(batch(), loss, together);
      double parts = 0;
      for (Example example : batch().examples()) {
        parts += decoder.accumulate(Batch.of(List.of(example)), loss, apart);
      }
      assertThat(sum).isCloseTo(parts, within(1e-4));
      assertThat(Vectors.distance(together.flat(), apart.flat())).isLessThan(1e-3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAdapterIsTheFrozenModel(TestBackend backend) {
    try (Decoder adapted = adapted(backend, 0.5);
        Decoder frozen = full(config(false, true), backend)) {
      assertThat(adapted.withoutAdapter().forward(batch()).sums())
          .containsExactly(frozen.forward(batch()).sums());
      assertThat(adapted.forward(batch()).sums()).isNotEqualTo(frozen.forward(batch()).sums());
    }
  }

  @Test
  void mergedWeightsEqualTheAdaptedModel() {
    java.util.Map<String, double[]> merged = new java.util.HashMap<>();
    try (Decoder adapted = adapted(TestBackend.ARRAY_DOUBLE, 0)) {
      adapted.forEachTensor((name, array) -> merged.put(name, Vectors.values(array)));
      WeightSource source =
          new WeightSource() {
            @Override
            public boolean contains(String name) {
              return merged.containsKey(name);
            }

            @Override
            public void read(String name, TensorValues target) {
              target.put(0, merged.get(name), 0, merged.get(name).length);
            }
          };
      try (Decoder plain =
          Decoder.load(config(false, true), Adapter.full(), DataType.DOUBLE, source)) {
        assertThat(plain.forward(batch()).sums())
            .containsExactly(adapted.forward(batch()).sums(), within(1e-10));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewAdapterChangesNothing(TestBackend backend) {
    Adapter lora = new Adapter.Lora(2, 4, 0, Set.of("q_proj", "down_proj"), 1);
    try (Decoder decoder =
        Decoder.load(config(true, false), lora, backend.backend(), new FormulaWeights())) {
      assertThat(decoder.forward(batch()).sums())
          .containsExactly(decoder.withoutAdapter().forward(batch()).sums());
      assertThat(decoder.layout().size()).isEqualTo(2 * 2 * (12 + 24 + 20 + 12));
    }
  }
}
