package org.lethe.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.corpus.ShardFixture;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.FiniteDifferences;
import org.lethe.model.Gradients;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;

/** O-LoRA's penalty, normalised. */
final class OrthogonalObjectiveTest {
  private static final Architecture CONFIG =
      new LlamaConfig(16, 24, 2, 2, 1, 8, 32, 32, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();
  private static final Adapter LORA = new Adapter.Lora(2, 4, 0, Set.of("q_proj", "v_proj"), 1);
  private static final Batch BATCH = Batch.of(ShardFixture.examples("objective", 3, 32));
  private static final double WEIGHT = 0.7;

  @Test
  void gradientAgreesWithFiniteDifferences() {
    try (Decoder decoder = decoder();
        Gradients gradients = decoder.newGradients();
        Gradients ignored = decoder.newGradients()) {
      FlatVector parameters = decoder.parameters();
      Random random = new Random(4);
      for (long i = 0; i < parameters.length(); i++) {
        Vectors.set(parameters, i, random.nextGaussian() / 4);
      }
      Objective objective = objective(old(decoder, 7));
      objective.accumulate(decoder, BATCH, gradients);

      FiniteDifferences.assertGradient(
          decoder,
          gradients.flat(),
          1e-6,
          1e-6,
          () -> objective.accumulate(decoder, BATCH, ignored).sum());
    }
  }

  @Test
  void penaltyIsTheMeanCosineForAnyRowLength() {
    try (Decoder decoder = decoder();
        Gradients gradients = decoder.newGradients()) {
      // Each row equals its own old one, and has some angle to the other.
      double same = penalty(decoder, old(decoder, 0), gradients);
      assertThat(same).isBetween(WEIGHT / 2, WEIGHT);
      Vectors.scale(5, decoder.parameters());
      assertThat(penalty(decoder, old(decoder, 0), gradients)).isCloseTo(same, within(1e-6));
      for (Entry entry : decoder.layout().entries()) {
        if (entry.name().endsWith("lora_A.weight")) {
          double[] rows = new double[2 * 16];
          rows[0] = 3;
          rows[16 + 1] = 2;
          decoder.layout().view(decoder.parameters(), entry).put(0, rows, 0, rows.length);
        }
      }
      TreeMap<String, float[][]> others = new TreeMap<>();
      old(decoder, 0).rows().forEach((name, rows) -> others.put(name, new float[2][16]));
      others.values().forEach(rows -> rows[0][5] = rows[1][7] = 1);
      assertThat(penalty(decoder, new FrozenRows(others), gradients)).isZero();
    }
  }

  @Test
  void zeroOrForeignFactorsAreRejected() {
    TreeMap<String, float[][]> zero = new TreeMap<>();
    assertThatThrownBy(() -> new FrozenRows(zero)).hasMessage("Invalid old factors: none");
    zero.put("a", new float[2][3]);
    assertThatThrownBy(() -> new FrozenRows(zero)).hasMessage("Invalid old factor: a is zero");
    zero.get("a")[1][2] = 1;
    try (Decoder decoder = decoder();
        Gradients gradients = decoder.newGradients()) {
      assertThatThrownBy(() -> penalty(decoder, new FrozenRows(zero), gradients))
          .hasMessage("Invalid old factor: a is not trained here");
    }
  }

  @Test
  void equalRowsHaveEqualNames() {
    try (Decoder decoder = decoder()) {
      assertThat(old(decoder, 7)).hasToString(old(decoder, 7).toString());
      assertThat(old(decoder, 7).toString()).isNotEqualTo(old(decoder, 8).toString());
    }
  }

  private static double penalty(Decoder decoder, FrozenRows old, Gradients gradients) {
    LossSum with = objective(old).accumulate(decoder, BATCH, gradients);
    LossSum without = new LikelihoodObjective(1).accumulate(decoder, BATCH, gradients);
    assertThat(with.count()).isEqualTo(without.count());
    return with.mean() - without.mean();
  }

  private static Objective objective(FrozenRows old) {
    return new RetainLoss.OrthogonalLikelihood(WEIGHT, old).objective(Optional.empty());
  }

  /** Returns the decoder's own rows, shifted by random numbers if a seed is given. */
  private static FrozenRows old(Decoder decoder, long seed) {
    TreeMap<String, float[][]> rows = new TreeMap<>();
    Random random = new Random(seed);
    for (Entry entry : decoder.layout().entries()) {
      if (entry.name().endsWith("lora_A.weight")) {
        float[][] factor =
            Vectors.array(decoder.layout().view(decoder.parameters(), entry))
                .castTo(DataType.FLOAT)
                .toFloatMatrix();
        for (float[] row : factor) {
          for (int k = 0; seed != 0 && k < row.length; k++) {
            row[k] += (float) random.nextGaussian();
          }
        }
        rows.put(entry.name(), factor);
      }
    }
    return new FrozenRows(rows);
  }

  private static Decoder decoder() {
    return Decoder.load(CONFIG, LORA, DataType.DOUBLE, new RandomWeights(5));
  }
}
