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
import org.lethe.evaluation.attack.AttackModel;
import org.lethe.evaluation.attack.AttackSettings.Teaching;
import org.lethe.evaluation.attack.DecoderAttackModel;
import org.lethe.evaluation.attack.DecoderOnRequest;
import org.lethe.evaluation.attack.Lesson;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;
import org.lethe.text.TokenizerTrainer;

/** Compares relearning and activation patching with PyTorch's and transformers' values. */
final class RelearningTest {
  private static final double UNLEARNED = 0.8;
  private static final double RETRAINED = 0.5;

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
  void lossesAfterRelearningAgreeWithPyTorch(int index, TestBackend backend) {
    JsonNode golden = golden(index);
    try (Decoder attacked = load(golden, backend, UNLEARNED);
        DecoderAttackModel attack =
            attack(attacked, golden, backend, Optional.empty(), Optional.empty())) {
      List<Example> examples = examples(golden.get("examples"));

      List<TokenScores> after = attack.scoreTaught(Lesson.Kind.FORGET_ROWS, examples).orElseThrow();

      assertThat(attack.scoreTaught(Lesson.Kind.NEUTRAL_TEXTS, examples)).isEmpty();
      agree(golden, "after", after, backend.tolerance(2e-6, 2e-3));
      agree(golden, "before", attack.score(examples), backend.tolerance(1e-9, 2e-5));
      // A second question finds the copy that was taught.
      List<TokenScores> again = attack.scoreTaught(Lesson.Kind.FORGET_ROWS, examples).orElseThrow();
      assertThat(again.get(0).losses()).isEqualTo(after.get(0).losses());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, HEAP_FLOAT",
    "0, ARRAY_DOUBLE",
    "1, HEAP_FLOAT",
    "1, ARRAY_FLOAT",
    "1, ARRAY_DOUBLE"
  })
  void lossesWithPatchedActivationsAgreeWithTransformers(int index, TestBackend backend) {
    JsonNode golden = golden(index);
    double tolerance = backend.tolerance(1e-9, 3e-5);
    try (Decoder attacked = load(golden, backend, UNLEARNED);
        Decoder initial = load(golden, backend, 1);
        Decoder retrained = load(golden, backend, RETRAINED);
        DecoderAttackModel attack =
            attack(attacked, golden, backend, Optional.of(initial), Optional.of(retrained))) {
      List<Example> examples = examples(golden.get("examples"));

      AttackModel.Patched patched = attack.scorePatched(examples).orElseThrow();

      for (int e = 0; e < examples.size(); e++) {
        JsonNode depth = golden.get("examples").get(e).get("depth");
        assertThat(mean(patched.own().get(e)))
            .isCloseTo(depth.get("own").asDouble(), within(tolerance));
        for (int block = 0; block < depth.get("patched").size(); block++) {
          JsonNode losses = depth.get("patched").get(block);
          assertThat(mean(patched.fromRetrained().get(block).get(e)))
              .isCloseTo(losses.get(0).asDouble(), within(tolerance));
          assertThat(mean(patched.fromAttacked().get(block).get(e)))
              .isCloseTo(losses.get(1).asDouble(), within(tolerance));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, HEAP_FLOAT", "0, ARRAY_DOUBLE", "1, HEAP_FLOAT", "1, ARRAY_DOUBLE"})
  void patchingTheWordsOfAnAnswerAgreesWithTransformers(int index, TestBackend backend) {
    JsonNode golden = golden(index);
    double tolerance = backend.tolerance(1e-9, 3e-5);
    try (Decoder attacked = load(golden, backend, UNLEARNED);
        Decoder initial = load(golden, backend, 1);
        Decoder retrained = load(golden, backend, RETRAINED);
        DecoderAttackModel attack =
            attack(attacked, golden, backend, Optional.of(initial), Optional.of(retrained))) {
      List<Example> words = new ArrayList<>();
      for (Example whole : examples(golden.get("examples"))) {
        JsonNode place = golden.get("examples").get(words.size()).get("entity");
        // As MarkedWords makes it: the rest of the answer is left out except one token.
        words.add(
            new Example(
                whole.id(),
                Arrays.copyOf(whole.tokens(), whole.promptTokens() + place.get("to").asInt() + 1),
                whole.promptTokens() + place.get("from").asInt()));
      }

      AttackModel.Patched patched = attack.scorePatched(words).orElseThrow();

      for (int e = 0; e < words.size(); e++) {
        JsonNode entity = golden.get("examples").get(e).get("entity");
        assertThat(mean(patched.own().get(e)))
            .isCloseTo(entity.get("own").asDouble(), within(tolerance));
        for (int block = 0; block < entity.get("patched").size(); block++) {
          JsonNode losses = entity.get("patched").get(block);
          assertThat(mean(patched.fromRetrained().get(block).get(e)))
              .isCloseTo(losses.get(0).asDouble(), within(tolerance));
          assertThat(mean(patched.fromAttacked().get(block).get(e)))
              .isCloseTo(losses.get(1).asDouble(), within(tolerance));
        }
      }
    }
  }

  private static void agree(
      JsonNode golden, String field, List<TokenScores> scores, double tolerance) {
    for (int e = 0; e < scores.size(); e++) {
      assertThat(scores.get(e).losses())
          .containsExactly(
              org.lethe.evaluation.Golden.doubles(golden.get("examples").get(e).get(field)),
              within(tolerance));
    }
  }

  /** Without the end token. */
  private static double mean(TokenScores scores) {
    return Arrays.stream(scores.losses(), 0, scores.losses().length - 1).average().orElseThrow();
  }

  private static JsonNode golden(int index) {
    return org.lethe.evaluation.Golden.document("relearning.json").get("cases").get(index);
  }

  private static Decoder load(JsonNode golden, TestBackend backend, double factor) {
    Decoder decoder =
        Decoder.load(
            Golden.resource(golden.get("model").asText()).architecture(),
            Adapter.full(),
            backend.backend(),
            new FormulaWeights());
    Vectors.scale(factor, decoder.parameters());
    return decoder;
  }

  private static DecoderAttackModel attack(
      Decoder attacked,
      JsonNode golden,
      TestBackend backend,
      Optional<Decoder> initial,
      Optional<Decoder> retrained) {
    Teaching teaching =
        new Teaching(0.5, 1000, golden.get("epochs").asInt(), golden.get("rate").asDouble(), 32, 1);
    List<Example> taught = examples(golden.get("taught"));
    assertThat(teaching.batchSize(taught.size())).isEqualTo(golden.get("batch").asInt());
    Lesson lesson = new Lesson(taught, teaching);
    return new DecoderAttackModel(
        attacked,
        () -> load(golden, backend, UNLEARNED),
        initial.map(decoder -> () -> decoder),
        new DecoderAttackModel.Texts(
            new ExampleEncoder(tokenizer, PromptTemplate.raw()), Set.of(), Arrays::toString),
        new DecoderOnRequest(
            Map.of(Lesson.Kind.FORGET_ROWS, lesson),
            () -> load(golden, backend, UNLEARNED),
            Optional.empty(),
            retrained.map(decoder -> () -> decoder)));
  }

  private static List<Example> examples(JsonNode rows) {
    List<Example> examples = new ArrayList<>();
    for (JsonNode row : rows) {
      int[] tokens = new int[row.get("ids").size()];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = row.get("ids").get(i).asInt();
      }
      examples.add(new Example("e" + examples.size(), tokens, row.get("prompt_tokens").asInt()));
    }
    return examples;
  }
}
