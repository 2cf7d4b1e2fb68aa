package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.evaluation.TokenScores;
import org.lethe.evaluation.attack.DecoderAttackModel;
import org.lethe.evaluation.attack.DecoderOnRequest;
import org.lethe.evaluation.attack.WeightRounding;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;
import org.lethe.text.TokenizerTrainer;

/** Compares inner layers and the distance from the initial model with transformers' values. */
final class LogitLensTest {
  @TempDir private static Path directory;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void setUp() {
    TokenizerTrainer.train(List.<String>of().iterator(), 259).writeTo(directory);
    tokenizer = Tokenizer.open(directory);
  }

  @AfterAll
  static void tearDown() {
    tokenizer.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0, HEAP_FLOAT",
    "0, ARRAY_FLOAT",
    "0, ARRAY_DOUBLE",
    "1, HEAP_FLOAT",
    "1, ARRAY_FLOAT",
    "1, ARRAY_DOUBLE"
  })
  void blocksAndDivergenceAgreeWithTransformers(int index, TestBackend backend) {
    JsonNode golden = org.lethe.evaluation.Golden.document("attacks.json").get("lens").get(index);
    Golden model = Golden.resource(golden.get("model").asText());
    double tolerance = backend.tolerance(1e-9, 2e-5);
    try (Decoder attacked = load(model, backend);
        Decoder initial = load(model, backend);
        DecoderAttackModel attack = model(attacked, Optional.of(initial), model, backend)) {
      Vectors.scale(0.5, initial.parameters());
      List<Example> examples = examples(golden);

      List<List<TokenScores>> blocks = attack.scoreByBlock(examples);
      double[] divergences = attack.divergences(examples).orElseThrow();

      assertThat(blocks).hasSize(attacked.architecture().layers());
      for (int e = 0; e < examples.size(); e++) {
        JsonNode expected = golden.get("examples").get(e);
        for (int block = 0; block < blocks.size(); block++) {
          assertThat(blocks.get(block).get(e).losses())
              .containsExactly(doubles(expected.get("losses").get(block)), within(tolerance));
        }
        assertThat(divergences[e])
            .isCloseTo(expected.get("divergence").asDouble(), within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"HEAP_FLOAT", "ARRAY_DOUBLE"})
  void theLastBlockOfAModelReadByItselfIsItsOwnAnswer(TestBackend backend) {
    JsonNode golden = org.lethe.evaluation.Golden.document("attacks.json").get("lens").get(0);
    Golden model = Golden.resource(golden.get("model").asText());
    try (Decoder attacked = load(model, backend);
        DecoderAttackModel attack = model(attacked, Optional.empty(), model, backend)) {
      List<Example> examples = examples(golden);

      List<TokenScores> own = attack.score(examples);
      List<List<TokenScores>> blocks = attack.scoreByBlock(examples);

      for (int e = 0; e < own.size(); e++) {
        assertThat(blocks.get(blocks.size() - 1).get(e).losses()).isEqualTo(own.get(e).losses());
      }
      assertThat(attack.divergences(examples)).isEmpty();
    }
  }

  /** A copy has the rounded weights, and the attacked model keeps its own. */
  @ParameterizedTest
  @CsvSource({"HEAP_FLOAT", "ARRAY_FLOAT"})
  void roundingChangesACopy(TestBackend backend) {
    JsonNode golden = org.lethe.evaluation.Golden.document("attacks.json").get("lens").get(0);
    Golden model = Golden.resource(golden.get("model").asText());
    WeightRounding rounding = new WeightRounding(4, 64);
    try (Decoder attacked = load(model, backend);
        Decoder expected = load(model, backend);
        DecoderAttackModel attack = model(attacked, Optional.empty(), model, backend)) {
      expected.changeLinearMaps(rounding::apply);
      List<Example> examples = examples(golden);
      double[] before = attack.score(examples).get(0).losses();

      double[] rounded = attack.scoreRounded(rounding, examples).get(0).losses();

      assertThat(rounded)
          .isEqualTo(
              model(expected, Optional.empty(), model, backend).score(examples).get(0).losses())
          .isNotEqualTo(before);
      assertThat(attack.score(examples).get(0).losses()).isEqualTo(before);
    }
  }

  private static Decoder load(Golden golden, TestBackend backend) {
    return Decoder.load(
        golden.architecture(), Adapter.full(), backend.backend(), new FormulaWeights());
  }

  private static DecoderAttackModel model(
      Decoder attacked, Optional<Decoder> initial, Golden golden, TestBackend backend) {
    return new DecoderAttackModel(
        attacked,
        () -> load(golden, backend),
        initial.map(decoder -> () -> decoder),
        new DecoderAttackModel.Texts(
            new ExampleEncoder(tokenizer, PromptTemplate.raw()), Set.of(), Arrays::toString),
        new DecoderOnRequest(
            Map.of(), () -> load(golden, backend), Optional.empty(), Optional.empty()));
  }

  private static List<Example> examples(JsonNode golden) {
    List<Example> examples = new ArrayList<>();
    for (JsonNode example : golden.get("examples")) {
      int[] tokens = new int[example.get("ids").size()];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = example.get("ids").get(i).asInt();
      }
      examples.add(
          new Example("e" + examples.size(), tokens, example.get("prompt_tokens").asInt()));
    }
    return examples;
  }

  private static double[] doubles(JsonNode array) {
    return org.lethe.evaluation.Golden.doubles(array);
  }
}
