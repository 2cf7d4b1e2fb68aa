package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrices;
import org.lethe.compute.Vectors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;
import org.lethe.tensor.TensorValues;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Training of chosen tensors, and losses of activations. */
final class TrainedTensorsTest {
  private static final Architecture UNTIED = config(false);
  private static final Batch BATCH =
      Batch.of(
          List.of(
              new Example("a", new int[] {1, 5, 9, 5, 7, 2}, 2),
              new Example("b", new int[] {1, 4, 20, 28, 2}, 4)));

  private static Architecture config(boolean tied) {
    return new LlamaConfig(
            12,
            20,
            3,
            4,
            2,
            6,
            29,
            64,
            1e-5,
            1000,
            Optional.empty(),
            tied,
            EnumSet.allOf(Projection.class))
        .architecture();
  }

  private static Decoder decoder(Architecture config, Adapter adapter, DataType type) {
    return Decoder.load(config, adapter, type, new FormulaWeights());
  }

  private static Adapter chosen(String... patterns) {
    return new Adapter.Chosen(List.of(patterns));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "layers.1.mlp.down_proj",
        "layers.1.mlp.down_proj.bias",
        "model.layers.2.self_attn.v_proj.weight layers.1.self_attn.{q,k}_proj.bias",
        "layers.{0,2}.mlp.up_proj.weight norm",
        "layers.1.post_attention_layernorm",
        "layers.2.input_layernorm layers.2.self_attn.o_proj",
        "embed_tokens",
        "lm_head",
        "layers.1",
        "layers.*.mlp.*_proj.weight"
      })
  void chosenTensorsGetTheGradientsOfFullTraining(String patterns) {
    for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
      try (Decoder full = decoder(UNTIED, Adapter.full(), type);
          Decoder some = decoder(UNTIED, chosen(patterns.split(" ")), type);
          Gradients all = full.newGradients();
          Gradients few = some.newGradients()) {
        LogitLoss loss = LogitLoss.negativeLogLikelihood();

        assertThat(some.accumulate(BATCH, loss, few))
            .isCloseTo(full.accumulate(BATCH, loss, all), within(1e-5));
        assertSameWhereTrained(full, all, some, few, type);
        assertThat(few.flat().length()).isEqualTo(some.layout().size());
      }
    }
  }

  private static void assertSameWhereTrained(
      Decoder full, Gradients all, Decoder some, Gradients few, DataType type) {
    for (ParameterLayout.Entry entry : some.layout().entries()) {
      TensorValues expected =
          full.layout().view(all.flat(), full.layout().find(entry.name()).orElseThrow());
      TensorValues found = some.layout().view(few.flat(), entry);

      assertThat(Vectors.distance(found, expected))
          .as(entry.name())
          .isLessThan((type == DataType.DOUBLE ? 1e-12 : 1e-5) * (1e-3 + Vectors.norm(expected)));
    }
  }

  @Test
  void aTiedEmbeddingIsChosenWithItsHead() {
    try (Decoder full = decoder(config(true), Adapter.full(), DataType.DOUBLE);
        Decoder some = decoder(config(true), chosen("embed_tokens"), DataType.DOUBLE);
        Gradients all = full.newGradients();
        Gradients few = some.newGradients()) {
      LogitLoss loss = LogitLoss.negativeLogLikelihood();
      full.accumulate(BATCH, loss, all);
      some.accumulate(BATCH, loss, few);

      assertSameWhereTrained(full, all, some, few, DataType.DOUBLE);
    }
  }

  @Test
  void theFlatVectorHoldsOnlyChosenTensors() {
    try (Decoder decoder =
        decoder(UNTIED, chosen("layers.{0,1}.mlp.down_proj.weight"), DataType.FLOAT)) {
      assertThat(decoder.layout().entries())
          .extracting(ParameterLayout.Entry::name)
          .containsExactly(
              "model.layers.0.mlp.down_proj.weight", "model.layers.1.mlp.down_proj.weight");
      assertThat(decoder.parameters().length()).isEqualTo(2 * 12 * 20);
      assertThat(DecoderMemory.trainedParameters(UNTIED, decoder.adapter())).isEqualTo(2 * 12 * 20);
    }
  }

  @Test
  void allTensorsAreWrittenWithTheTrainedOnes() {
    try (Decoder decoder = decoder(UNTIED, chosen("layers.1.mlp.down_proj"), DataType.FLOAT)) {
      decoder.parameters().math().fill(7, decoder.parameters());
      java.util.Map<String, Double> first = new java.util.HashMap<>();
      decoder.forEachTensor((name, array) -> first.put(name, Vectors.value(array, 0)));

      assertThat(first).hasSize(UNTIED.tensors().size());
      assertThat(first).containsEntry("model.layers.1.mlp.down_proj.weight", 7.0);
      assertThat(first.get("model.layers.2.mlp.down_proj.weight")).isNotEqualTo(7.0);
    }
  }

  @Test
  void aPatternWithoutMatchNamesTheNearestTensors() {
    assertThatThrownBy(
            () -> DecoderMemory.trainedParameters(UNTIED, chosen("layers.7.mlp.down_proj")))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.USAGE))
        .hasMessageStartingWith(
            "Invalid lethe.model.train: 'layers.7.mlp.down_proj' matches no tensor of the model;"
                + " the nearest are model.layers.0.mlp.down_proj.weight,");
    assertThatThrownBy(() -> new Adapter.Chosen(List.of()))
        .hasMessage(
            "Invalid tensor patterns: [], expected names such as layers.{5,6,7}.mlp.down_proj");
  }

  /** Half the squared norm of all activations, with a different weight for each row. */
  private static final HiddenLoss HALF_SQUARES =
      (compute, hidden, sequences) -> {
        double sum = 0;
        double[] squares = compute.squaredNorms(hidden);
        double[] weights = new double[sequences.length];
        for (int row = 0; row < sequences.length; row++) {
          weights[row] = 1 + 0.3 * row + sequences[row];
          sum += 0.5 * weights[row] * squares[row];
        }
        compute.scaleRows(weights, hidden);
        return sum;
      };

  @Test
  void aTargetWithoutModuleIsRejectedByName() {
    Adapter lora = new Adapter.Lora(2, 4, 0, Set.of("c_attn"), 1);
    assertThatThrownBy(() -> DecoderMemory.trainedParameters(UNTIED, lora))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Invalid LoRA target: 'c_attn' is no linear map in a block of the model; expected"
                + " all-linear or some of q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj,"
                + " down_proj");
  }

  @ParameterizedTest
  @CsvSource({"self_attn.q_proj, 324", "all-linear, 1944", "model.layers.1.mlp.down_proj, 96"})
  void targetsAreEndsOfModuleNames(String target, long parameters) {
    Adapter lora = new Adapter.Lora(3, 6, 0, Set.of(target), 1);
    assertThat(DecoderMemory.trainedParameters(UNTIED, lora)).isEqualTo(parameters);
    assertThat(DecoderMemory.trainedParameters(UNTIED, lora) / 3)
        .isEqualTo(
            DecoderMemory.trainedParameters(UNTIED, new Adapter.Lora(1, 2, 0, Set.of(target), 1)));
  }

  @ParameterizedTest
  @EnumSource
  void gradientsOfActivationsAgreeWithFiniteDifferences(HiddenPlace.Tokens tokens) {
    HiddenPlace place = new HiddenPlace(1, tokens);
    Adapter lora = new Adapter.Lora(3, 6, 0, Projection.moduleNames(), 5);
    for (Adapter adapter :
        List.of(
            Adapter.full(),
            lora,
            chosen("layers.{0,1}.mlp.down_proj"),
            chosen("layers.1.mlp.down_proj", "layers.2"))) {
      try (Decoder decoder = decoder(UNTIED, adapter, DataType.DOUBLE);
          Gradients gradients = decoder.newGradients();
          Gradients ignored = decoder.newGradients()) {
        if (adapter instanceof Adapter.Lora) {
          // Factors of both signs: with positive factors only, the loss is 1e10 and so curved that
          // finite differences are wrong in the seventh digit.
          Nd4j.getRandom().setSeed(7);
          Vectors.assign(
              decoder.parameters(),
              Nd4j.rand(DataType.DOUBLE, decoder.parameters().length()).subi(0.5));
        }
        double loss = decoder.accumulateHidden(BATCH, place, HALF_SQUARES, gradients);
        FlatVector parameters = decoder.parameters();
        for (ParameterLayout.Entry entry : decoder.layout().entries()) {
          long index = entry.offset() + 3 % entry.length();
          double expected =
              FiniteDifferences.slope(
                  parameters,
                  index,
                  1e-5,
                  () -> decoder.accumulateHidden(BATCH, place, HALF_SQUARES, ignored));

          assertThat(Vectors.value(gradients.flat(), index))
              .as("%s with %s", entry.name(), adapter)
              .isCloseTo(expected, within(1e-8 * loss));
        }
      }
    }
  }

  @Test
  void floatActivationsAgreeWithDouble() {
    HiddenPlace place = new HiddenPlace(1, HiddenPlace.Tokens.ALL);
    try (Decoder exact = decoder(UNTIED, Adapter.full(), DataType.DOUBLE);
        Decoder fast = decoder(UNTIED, Adapter.full(), DataType.FLOAT);
        Gradients expected = exact.newGradients();
        Gradients found = fast.newGradients()) {
      double loss = exact.accumulateHidden(BATCH, place, HALF_SQUARES, expected);

      assertThat(fast.accumulateHidden(BATCH, place, HALF_SQUARES, found))
          .isCloseTo(loss, within(1e-5 * loss));
      assertThat(Vectors.distance(found.flat(), expected.flat()))
          .isLessThan(1e-5 * Vectors.norm(expected.flat()));
    }
  }

  @Test
  void aLossOfActivationsNeedsSomethingTrainedBelowIt() {
    HiddenPlace place = new HiddenPlace(1, HiddenPlace.Tokens.ALL);
    try (Decoder decoder = decoder(UNTIED, chosen("layers.2"), DataType.FLOAT);
        Gradients gradients = decoder.newGradients()) {
      assertThatThrownBy(() -> decoder.accumulateHidden(BATCH, place, HALF_SQUARES, gradients))
          .hasMessage(
              "Invalid lethe.model.train: layers 0 to 1 have no trained tensor, but the loss"
                  + " uses the output of layer 1; choose tensors of these layers");
      assertThatThrownBy(() -> decoder.hidden(BATCH, new HiddenPlace(3, HiddenPlace.Tokens.ALL)))
          .hasMessage(
              "Invalid layer: 3, expected 0 to 2, the model's layers; correct"
                  + " lethe.unlearn.rmu.layer");
    }
  }

  @Test
  void aDecoderWithItsOwnParametersStaysTheInitialModel() {
    HiddenPlace place = new HiddenPlace(1, HiddenPlace.Tokens.ALL);
    for (Adapter adapter : List.of(Adapter.full(), chosen("layers.{0,1}.mlp.down_proj"))) {
      try (Decoder decoder = decoder(UNTIED, adapter, DataType.FLOAT);
          Decoder lower = decoder.withParameters(2, new FormulaWeights());
          Decoder whole = decoder.withParameters(3, new FormulaWeights())) {
        double[][] before = Matrices.rows(decoder.hidden(BATCH, place));
        double[] losses = decoder.forward(BATCH).sums();
        Vectors.scale(1.5, decoder.parameters());

        assertThat(Matrices.rows(lower.hidden(BATCH, place))).isDeepEqualTo(before);
        assertThat(whole.forward(BATCH).sums()).containsExactly(losses);
        assertThat(Arrays.deepEquals(Matrices.rows(decoder.hidden(BATCH, place)), before))
            .isFalse();
        assertThat(decoder.forward(BATCH).sums()).isNotEqualTo(losses);
      }
    }
  }
}
