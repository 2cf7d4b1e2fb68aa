package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Backend;
import org.lethe.compute.BfloatMachine;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.direction.AdamW;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.OptimizerState;
import org.lethe.direction.WeightedSum;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** A decoder with BFLOAT16 products beside one with FLOAT products. */
final class BfloatTrainingTest {
  private static final int WORDS = 320;

  private static final Architecture SMALL =
      new LlamaConfig(
              128, 256, 3, 4, 2, 32, WORDS, 128, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  @BeforeAll
  static void machine() {
    BfloatMachine.backend();
  }

  private static Batch batch() {
    List<Example> examples = new ArrayList<>();
    for (int b = 0; b < 6; b++) {
      int[] tokens = new int[48];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = 3 + (17 * b + 31 * i + i * i % 7) % (WORDS - 3);
      }
      examples.add(new Example("row " + b, tokens, 1));
    }
    return Batch.of(examples);
  }

  private static Decoder decoder(Backend backend, Adapter adapter) {
    return Decoder.load(SMALL, adapter, backend, new FormulaWeights());
  }

  @Test
  void lossesAndGradientsAreCloseToThoseOfFloatProducts() {
    for (Adapter adapter :
        List.of(Adapter.full(), new Adapter.Lora(8, 16, 0, Set.of(Adapter.Lora.ALL_LINEAR), 3))) {
      try (Decoder exact = decoder(new HeapBackend(), adapter);
          Decoder rounded = decoder(BfloatMachine.backend(), adapter);
          Gradients expected = exact.newGradients();
          Gradients found = rounded.newGradients()) {
        LogitLoss loss = LogitLoss.negativeLogLikelihood();
        double of = exact.accumulate(batch(), loss, expected);
        double with = rounded.accumulate(batch(), loss, found);
        assertThat(with).isNotEqualTo(of).isCloseTo(of, within(0.005 * of));
        InnerProducts products = products(expected.flat(), found.flat());
        double cosine = products.mixed() / Math.sqrt(products.first() * products.second());
        assertThat(cosine).as("%s", adapter).isGreaterThan(0.999);
        assertThat(products.second() / products.first()).isCloseTo(1, within(0.02));
      }
    }
  }

  /** Noise of another precision would be a first step of full size under AdamW. */
  @Test
  void logitsOfTrainingEqualThoseItComparesWith() {
    try (Decoder decoder = decoder(BfloatMachine.backend(), Adapter.full());
        Gradients gradients = decoder.newGradients()) {
      List<float[]> compared = new ArrayList<>();
      List<float[]> trained = new ArrayList<>();
      List<float[]> measured = new ArrayList<>();
      decoder.forwardAsInTraining(batch(), chunk -> compared.add(logits(chunk)));
      decoder.forward(batch(), chunk -> measured.add(logits(chunk)));
      decoder.accumulate(
          batch(),
          chunk -> {
            trained.add(logits(chunk));
            chunk.compute().clear(chunk.logits());
            return 0;
          },
          gradients);
      assertThat(trained).hasSameSizeAs(compared);
      for (int i = 0; i < trained.size(); i++) {
        assertThat(trained.get(i)).isEqualTo(compared.get(i)).isNotEqualTo(measured.get(i));
      }
    }
  }

  private static float[] logits(LogitChunk chunk) {
    float[] logits = new float[chunk.rows() * WORDS];
    chunk.logits().download(logits);
    return logits;
  }

  private static InnerProducts products(FlatVector a, FlatVector b) {
    return a.math().innerProducts(a, b);
  }

  @Test
  void trainingFallsAsWithFloatProducts() {
    double exact = train(new HeapBackend());
    double rounded = train(BfloatMachine.backend());
    assertThat(exact).isLessThan(0.5 * initial());
    assertThat(rounded).isCloseTo(exact, within(0.05 * initial()));
  }

  private static double initial() {
    try (Decoder decoder = decoder(new HeapBackend(), Adapter.full())) {
      return loss(decoder);
    }
  }

  private static double loss(Decoder decoder) {
    double sum = 0;
    for (double part : decoder.forward(batch()).sums()) {
      sum += part;
    }
    return sum;
  }

  /** Takes 30 steps of AdamW and returns the loss. */
  private static double train(Backend backend) {
    AdamW optimizer = new AdamW(0.9, 0.999, 1e-8, 0);
    try (Decoder decoder = decoder(backend, Adapter.full());
        Gradients gradients = decoder.newGradients();
        OptimizerState state = optimizer.newState(decoder.parameters())) {
      for (int step = 0; step < 30; step++) {
        gradients.clear();
        decoder.accumulate(batch(), LogitLoss.negativeLogLikelihood(), gradients);
        LossGradients only =
            new LossGradients(
                Optional.of(new LossGradient(gradients.flat(), 1e-3)),
                Optional.of(new LossGradient(gradients.flat(), 1e-3)),
                decoder.layout());
        optimizer.step(
            decoder.parameters(),
            new WeightedSum(1, 1).combine(only).clipped(1),
            state,
            step,
            3e-3);
      }
      return loss(decoder);
    }
  }
}
