package org.lethe.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Golden;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.evaluation.attack.AttackSettings.Teaching;
import org.lethe.evaluation.attack.LeakyModel.Leak;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;
import org.lethe.text.TokenizerTrainer;

/** Attacks on request: what they ask and how their figures follow from the attempts. */
final class RequestedAttacksTest {
  private static final long SEED = 7;

  @TempDir private static Path directory;
  private static Tokenizer tokenizer;
  private static ExampleEncoder encoder;

  @BeforeAll
  static void setUp() {
    TokenizerTrainer.train(List.<String>of().iterator(), 259).writeTo(directory);
    tokenizer = Tokenizer.open(directory);
    encoder = new ExampleEncoder(tokenizer, PromptTemplate.raw());
  }

  @AfterAll
  static void tearDown() {
    tokenizer.close();
  }

  @Test
  void numbersAndNamesAreLeftOutFirst() {
    assertThat(words("Who was she?", "She was Ada Lovelace, born in 1815 near the river."))
        .containsExactly("Lovelace", "1815", "Ada");
    assertThat(words("Where is it?", "It is somewhere behind the old harbour."))
        .containsExactly("somewhere", "harbour", "behind");
  }

  @Test
  void aWordThatGivesItselfAwayIsNotLeftOut() {
    assertThat(words("Tell me about Ada.", "Ada wrote to Babbage; Babbage answered."))
        .containsExactly("answered", "wrote");
    assertThat(words("", "yes")).isEmpty();
    assertThat(words("", "1815")).isEmpty();
  }

  private static List<String> words(String prompt, String answer) {
    return HiddenWords.of(prompt, answer, 3).stream()
        .map(place -> answer.substring(place.from(), place.to()))
        .toList();
  }

  @Test
  void aClozeQuestionHasTheRestOfTheAnswerAndNoEndToken() {
    List<String> asked = new ArrayList<>();
    LeakyModel model =
        new LeakyModel(
            encoder,
            Leak.PROMPT,
            ids -> {
              asked.add(text(ids));
              return text(ids).contains("born in ____.");
            });
    AttackedRow row = row("r", "When was she born?", "Ada was born in 1815.");

    List<AttackRow> attempts = new ClozeQuestions().attempt(model, List.of(row));

    assertThat(asked)
        .startsWith(
            "Fill in the blank.\nWhen was she born? Ada was born in ____.\nThe missing word is:");
    EvaluationFigures figures = AttackSummary.of(attempts, SEED, 1, 0, 0.5).figures();
    assertThat(figures.mean("forget.attack.cloze.probability")).hasValue(1.0);
    assertThat(figures.mean("forget.attack.cloze.exact-memorisation")).hasValue(1.0);
  }

  @Test
  void anAnswerWithoutWordsToLeaveOutHasAReason() {
    LeakyModel model = new LeakyModel(encoder, Leak.PROMPT, ids -> true);
    List<AttackRow> attempts =
        new ClozeQuestions().attempt(model, List.of(row("r", "Is it?", "Yes")));

    EvaluationFigures figures = AttackSummary.of(attempts, SEED, 1, 0, 0.5).figures();
    assertThat(figures.reason("forget.attack.cloze.probability"))
        .isEqualTo("1 of 1 rows: the expected answer has no word that a question can leave out");
  }

  /** Ids of bytes are 3 plus their value; 1 is the begin token. */
  private static String text(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < ids.length; i++) {
      text.append((char) (ids[i] - 3));
    }
    return text.toString();
  }

  @Test
  void relearningBringsBackWhatTheLessonOpens() {
    LeakyModel model = new LeakyModel(encoder, Leak.RELEARNING, ids -> false);
    List<AttackRow> attempts = new ArrayList<>();
    for (Attack attack :
        Attacks.of(Attacks.DEFAULTS.onRequest(Attacks.REQUESTED, 1, teaching(), ""))) {
      assertThat(attack.targets(Attack.NEUTRAL)).isFalse();
      attempts.addAll(attack.attempt(model, List.of(row("r", "When?", "It was in 1815."))));
    }
    EvaluationFigures figures = AttackSummary.of(attempts, SEED, 1, 0, 0.5).figures();

    assertThat(figures.mean("forget.attack.relearn.probability")).hasValue(1.0);
    assertThat(figures.mean("forget.attack.relearn.probability-gain").orElseThrow())
        .isCloseTo(0.95, within(1e-12));
    assertThat(figures.mean("forget.attack.relearn-other.probability").orElseThrow())
        .isCloseTo(0.05, within(1e-12));
    assertThat(figures.mean("forget.attack.relearn-other.probability-gain").orElseThrow()).isZero();
    assertThat(figures.notMeasured().get("forget.attack.relearn.probability-r").reason())
        .isEqualTo(Reason.NO_CONTROL);
    assertThat(figures.notMeasured().get("forget.attack.depth.uds").reason())
        .isEqualTo(Reason.NO_CONTROL);
    figures.measured().keySet().forEach(name -> assertThat(Attacks.isFigure(name)).isTrue());
    figures.notMeasured().keySet().forEach(name -> assertThat(Attacks.isFigure(name)).isTrue());
  }

  /** Two rows: before, after training, control, control after training. */
  @Test
  void theControlSetsTheScaleOfWhatComesBack() {
    List<AttackRow> attempts = new ArrayList<>();
    attempts.addAll(relearned("a", 0.1, 0.5, 0.1, 0.2));
    attempts.addAll(relearned("b", 0.1, 0.3, 0.0, 0.2));

    EvaluationFigures figures = AttackSummary.of(attempts, SEED, 2, 0, 0.5).figures();

    assertThat(mean(figures, "probability")).isCloseTo(0.4, within(1e-12));
    assertThat(mean(figures, "probability-gain")).isCloseTo(0.3, within(1e-12));
    assertThat(mean(figures, "control-probability")).isCloseTo(0.2, within(1e-12));
    assertThat(mean(figures, "control-probability-gain")).isCloseTo(0.15, within(1e-12));
    assertThat(mean(figures, "probability-r")).isCloseTo(0.5, within(1e-12));
    assertThat(figures.measured().get("forget.attack.relearn.probability-r").low())
        .isCloseTo(0.25, within(1e-12));
  }

  @Test
  void theRatioIsOneIfNothingComesBackAndZeroIfOnlyTheControlGainsNothing() {
    assertThat(Relearning.ratio(0.1, 0)).isEqualTo(1);
    assertThat(Relearning.ratio(0.1, -0.2)).isEqualTo(1);
    assertThat(Relearning.ratio(0.3, 0.2)).isEqualTo(1);
    assertThat(Relearning.ratio(-0.1, 0.2)).isZero();
    assertThat(Relearning.ratio(0.05, 0.2)).isCloseTo(0.25, within(1e-12));
  }

  private static double mean(EvaluationFigures figures, String name) {
    return figures.mean("forget.attack.relearn." + name).orElseThrow();
  }

  private static List<AttackRow> relearned(String id, double... probabilities) {
    List<AttackRow> attempts = new ArrayList<>();
    for (int variant = 0; variant < probabilities.length; variant++) {
      attempts.add(
          attempt(
              Relearning.KEY,
              variant,
              id,
              new EnumMap<>(Map.of(Quantity.PROBABILITY, probabilities[variant]))));
    }
    return attempts;
  }

  private static AttackRow attempt(
      String attack, int variant, String id, Map<Quantity, Double> quantities) {
    return new AttackRow(
        attack, variant, "forget", id, 4, Optional.empty(), quantities, Optional.empty());
  }

  @Test
  void theDepthScoreAgreesWithTheRepositorysDefinition() {
    for (JsonNode golden : Golden.document("relearning.json").get("cases")) {
      double sum = 0;
      int rows = 0;
      List<AttackRow> attempts = new ArrayList<>();
      for (JsonNode example : golden.get("examples")) {
        JsonNode depth = example.get("depth");
        String id = "e" + attempts.size();
        attempts.add(loss(0, id, depth.get("own").asDouble()));
        for (int block = 0; block < depth.get("patched").size(); block++) {
          JsonNode losses = depth.get("patched").get(block);
          attempts.add(loss(1 + 2 * block, id, losses.get(0).asDouble()));
          attempts.add(loss(2 + 2 * block, id, losses.get(1).asDouble()));
        }
        if (!depth.get("score").isNull()) {
          sum += depth.get("score").asDouble();
          rows++;
        }
      }
      EvaluationFigures figures = AttackSummary.of(attempts, SEED, 9, 0, 0.5).figures();

      assertThat(rows).isPositive();
      assertThat(figures.mean("forget.attack.depth.uds").orElseThrow())
          .isCloseTo(sum / rows, within(1e-12));
      assertThat(figures.measured().get("forget.attack.depth.uds").count()).isEqualTo(rows);
    }
  }

  @Test
  void markedWordsAreTheAnswerThatTheDepthIsAbout() {
    // One token a byte, behind the begin token; a space joins prompt and answer.
    Example marked = MarkedWords.example(marked("in 1815.", " 1815"), encoder).orElseThrow();
    assertThat(text(Arrays.copyOf(marked.tokens(), marked.promptTokens()))).isEqualTo("When? in ");
    assertThat(text(prepended(marked))).isEqualTo("1815.");

    marked = MarkedWords.example(marked("1815", "1815"), encoder).orElseThrow();
    assertThat(marked.promptTokens()).isEqualTo("#When? ".length());
    // The last token takes the place of the end token.
    assertThat(marked.completionTokens()).isEqualTo("1815".length() + 1);
  }

  @Test
  void rowsWithoutMarkedWordsHaveNoDepth() {
    LeakyModel model = new LeakyModel(encoder, Leak.PROMPT, ids -> true);
    AttackedRow cut =
        new AttackedRow(
            "forget",
            "When?",
            "It was in 1815.",
            encoder.encode("cut", "When?", "It was in 1815.", 16).example(),
            List.of(),
            List.of(),
            Optional.of("1815"));
    for (AttackedRow row :
        List.of(row("r", "When?", "in 1815."), marked("in 1815.", "1816"), cut)) {
      List<AttackRow> attempts =
          new KnowledgeDepth(KnowledgeDepth.Scope.ENTITY).attempt(model, List.of(row));

      EvaluationFigures figures = AttackSummary.of(attempts, SEED, 1, 0, 0.5).figures();
      assertThat(figures.reason("forget.attack.depth.uds"))
          .isEqualTo(
              "1 of 1 rows: lethe.attack.entities marks no words of the row's answer, or the row"
                  + " was cut before them");
    }
  }

  private static AttackedRow marked(String answer, String words) {
    return new AttackedRow(
        "forget",
        "When?",
        answer,
        encoder.encode("r", "When?", answer, 128).example(),
        List.of(),
        List.of(),
        Optional.of(words));
  }

  /** The answer of an example behind a first token, as {@link #text} expects it. */
  private static int[] prepended(Example example) {
    return Arrays.copyOfRange(
        example.tokens(), example.promptTokens() - 1, example.tokens().length);
  }

  @Test
  void aRowThatNoBlockKnowsHasNoDepth() {
    List<AttackRow> attempts = List.of(loss(0, "r", 2), loss(1, "r", 2.04), loss(2, "r", 3));

    EvaluationFigures figures = AttackSummary.of(attempts, SEED, 1, 0, 0.5).figures();

    assertThat(figures.notMeasured().get("forget.attack.depth.uds").reason())
        .isEqualTo(Reason.NO_KNOWLEDGE);
  }

  private static AttackRow loss(int variant, String id, double loss) {
    return attempt(KnowledgeDepth.KEY, variant, id, new EnumMap<>(Map.of(Quantity.LOSS, loss)));
  }

  /** 400 rows of forget10 in batches of 32, as in the repository; few rows in as many steps. */
  @Test
  void fewRowsAreTaughtInSmallBatches() {
    assertThat(Teaching.DEFAULT.batchSize(400)).isEqualTo(32);
    assertThat(Teaching.DEFAULT.batchSize(10_000)).isEqualTo(32);
    assertThat(Teaching.DEFAULT.batchSize(50)).isEqualTo(4);
    assertThat(Teaching.DEFAULT.batchSize(5)).isEqualTo(1);
    assertThat(Teaching.DEFAULT.taught(9)).isEqualTo(4);
    assertThat(Teaching.DEFAULT.taught(1)).isZero();
    assertThat(Teaching.DEFAULT.taught(1_000_000)).isEqualTo(1000);
  }

  @Test
  void invalidTeachingIsRejected() {
    assertThatThrownBy(() -> new Teaching(1, 10, 1, 2e-5, 32, 8))
        .hasMessage("Invalid share of the forget rows: 1.0, expected above 0 and below 1");
    assertThatThrownBy(() -> new Teaching(0.5, 10, 1, 0, 32, 8))
        .hasMessage("Invalid learning rate: 0.0, expected above 0");
  }

  private static Teaching teaching() {
    return Teaching.DEFAULT;
  }

  private static AttackedRow row(String id, String prompt, String answer) {
    return new AttackedRow(
        "forget",
        prompt,
        answer,
        encoder.encode(id, prompt, answer, 128).example(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
