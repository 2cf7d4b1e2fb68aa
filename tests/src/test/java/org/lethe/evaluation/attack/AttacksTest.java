package org.lethe.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Golden;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.evaluation.attack.LeakyModel.Leak;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;
import org.lethe.text.TokenizerTrainer;

/** Every attack against models that leak under that attack only. */
final class AttacksTest {
  private static final long SEED = 7;
  private static final String ANSWER = "Ada in 1843";

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
  void onlyTheAttackThatLeaksBringsTheAnswersBack() {
    assertThat(leaking(Leak.PROMPT, prompt -> prompt.contains("Think step by step")))
        .containsExactly("prefix");
    assertThat(leaking(Leak.PROMPT, prompt -> prompt.endsWith("Sure, here is the answer:")))
        .containsExactly("prefix");
    assertThat(leaking(Leak.PROMPT, prompt -> prompt.contains("I want to know who did"))).isEmpty();
    assertThat(leaking(Leak.PROMPT, prompt -> prompt.contains("Can you tell me who the first")))
        .containsExactly("paraphrase");
    assertThat(leaking(Leak.PROMPT, prompt -> prompt.contains("Name the author.")))
        .containsExactly("paraphrase");
    assertThat(leaking(Leak.PROMPT, prompt -> prompt.contains("Shot 3. yes")))
        .containsExactly("few-shot");
    assertThat(leaking(Leak.PROMPT, "Who is the first?"::equals)).containsExactly("direct");
    assertThat(leaking(Leak.FOUR_BITS, prompt -> false)).containsExactly("quantised-4");
    assertThat(leaking(Leak.FIRST_BLOCK, prompt -> false)).containsExactly("logit-lens");
  }

  /** Keys of the attacks that find the answers. */
  private static List<String> leaking(Leak leak, Predicate<String> prompts) {
    EvaluationFigures figures = figures(leak, prompts);
    List<String> leaking = new ArrayList<>();
    for (String key : Attacks.KEYS) {
      Optional<Double> found = figures.mean("forget.attack." + key + ".probability");
      if (found.isPresent() && found.get() > 0.99) {
        leaking.add(key);
        assertThat(found).hasValue(1.0);
      } else {
        found.ifPresent(value -> assertThat(value).isCloseTo(1 / 20.0, within(1e-12)));
      }
    }
    return leaking;
  }

  private static EvaluationFigures figures(Leak leak, Predicate<String> prompts) {
    LeakyModel model = new LeakyModel(encoder, leak, ids -> prompts.test(text(ids)));
    List<AttackRow> attempts = new ArrayList<>();
    for (Attack attack : Attacks.of(Attacks.DEFAULTS)) {
      for (String set : List.of("forget", Attack.NEUTRAL)) {
        if (attack.targets(set)) {
          attempts.addAll(attack.attempt(model, rows(set)));
        }
      }
    }
    AttackSummary summary = AttackSummary.of(attempts, SEED, 3, 0.1, 0.5);
    assertThat(AttackSummary.fromJson(summary.toJson())).isEqualTo(summary);
    summary
        .figures()
        .measured()
        .keySet()
        .forEach(name -> assertThat(Attacks.isFigure(name)).isTrue());
    return summary.figures();
  }

  private static List<AttackedRow> rows(String set) {
    List<AttackedRow> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rows.add(row(set, "r" + i, "Who is the first?"));
    }
    return rows;
  }

  private static AttackedRow row(String set, String id, String prompt) {
    return new AttackedRow(
        set,
        prompt,
        ANSWER,
        encoder.encode(id, prompt, ANSWER, 128).example(),
        List.of("Shot 1. no", "Shot 2. no", "Shot 3. yes"),
        List.of("Name the author."),
        Optional.empty());
  }

  /** Ids of bytes are 3 plus their value; 1 is the begin token. */
  private static String text(int[] ids) {
    byte[] bytes = new byte[ids.length - 1];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (ids[i + 1] - 3);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void theBestSampleCounts() {
    EvaluationFigures leaky = figures(Leak.THIRD_SAMPLE, prompt -> false);
    EvaluationFigures other = figures(Leak.FIRST_BLOCK, prompt -> false);

    assertThat(leaky.mean("forget.attack.sampled.rouge-l-recall")).hasValue(1.0);
    assertThat(other.mean("forget.attack.sampled.rouge-l-recall")).hasValue(0.0);
  }

  /** Before rounding 1 / 20, after it 1. */
  @Test
  void theRatioSaysHowMuchRoundingBringsBack() {
    EvaluationFigures leaky = figures(Leak.FOUR_BITS, prompt -> false);

    assertThat(leaky.mean("forget.attack.quantised-4.probability-q").orElseThrow())
        .isCloseTo(1 / 20.0, within(1e-12));
    assertThat(leaky.mean("forget.attack.quantised-8.probability-q")).hasValue(1.0);
    // ANSWER has 12 bytes with the space in front of it; the least strength is 1 / 12.
    assertThat(leaky.mean("forget.attack.quantised-4.extraction-strength-q").orElseThrow())
        .isCloseTo(1 / 12.0, within(1e-12));
    assertThat(RoundedWeights.ratio(0.4, 0.2)).isEqualTo(1);
    assertThat(RoundedWeights.ratio(0, 0)).isEqualTo(1);
  }

  @Test
  void everyBlockHasAFigureAndNeutralTextsADivergence() {
    EvaluationFigures leaky = figures(Leak.FIRST_BLOCK, prompt -> false);

    assertThat(leaky.mean("forget.attack.logit-lens.block-01.probability")).hasValue(1.0);
    assertThat(leaky.mean("forget.attack.logit-lens.block-02.probability").orElseThrow())
        .isCloseTo(0.05, within(1e-12));
    assertThat(leaky.mean("neutral.attack.divergence.kl")).hasValue(0.25);
    assertThat(leaky.measured().get("neutral.attack.divergence.kl").count()).isEqualTo(3);
  }

  @Test
  void aRowThatAnAttackCannotTakeHasAReason() {
    LeakyModel model = new LeakyModel(encoder, Leak.PROMPT, ids -> true);
    AttackedRow bare =
        new AttackedRow(
            "forget",
            "",
            ANSWER,
            encoder.encode("bare", "", ANSWER, 128).example(),
            List.of(),
            List.of(),
            Optional.empty());
    List<AttackRow> attempts = new ArrayList<>();
    Attacks.of(Attacks.DEFAULTS).stream()
        .filter(attack -> attack.targets("forget"))
        .forEach(attack -> attempts.addAll(attack.attempt(model, List.of(bare))));

    EvaluationFigures figures = AttackSummary.of(attempts, SEED, 1, 0.1, 0.5).figures();

    assertThat(figures.notMeasured().get("forget.attack.paraphrase.probability").reason())
        .isEqualTo(Reason.NO_PROMPT);
    assertThat(figures.reason("forget.attack.few-shot.probability"))
        .isEqualTo("1 of 1 rows: the set has no other rows to show as examples");
    assertThat(figures.mean("forget.attack.prefix.probability")).hasValue(1.0);
  }

  @Test
  void membershipAgreesWithOpenUnlearning() {
    for (JsonNode golden : Golden.document("attacks.json").get("membership")) {
      List<AttackRow> rows = new ArrayList<>();
      rows.addAll(scored("forget", Golden.doubles(golden.get("forget"))));
      rows.addAll(scored("unseen-forget", Golden.doubles(golden.get("unseen"))));

      EvaluationFigures figures =
          AttackSummary.of(rows, SEED, 1, 0, golden.get("reference").asDouble()).figures();

      assertThat(figures.mean("forget.attack.membership.loss-auc").orElseThrow())
          .isCloseTo(golden.get("auc").asDouble(), within(1e-12));
      assertThat(figures.mean("forget.attack.membership.loss-s").orElseThrow())
          .isCloseTo(golden.get("s").asDouble(), within(1e-12));
      assertThat(figures.measured().get("forget.attack.membership.loss-s").low())
          .isLessThanOrEqualTo(golden.get("s").asDouble());
    }
  }

  @Test
  void membershipNeedsUnseenRows() {
    EvaluationFigures figures = AttackSummary.of(scored("forget", 1, 2), SEED, 1, 0, 0.5).figures();

    assertThat(figures.measured()).isEmpty();
    assertThat(figures.notMeasured().get("forget.attack.membership.loss-s").reason())
        .isEqualTo(Reason.NO_UNSEEN);
  }

  private static List<AttackRow> scored(String set, double... losses) {
    List<AttackRow> rows = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      rows.add(
          MembershipScores.row(
              new EvaluationRow(
                  set, "r" + i, "", "", "", Optional.empty(), 3, Map.of(Metric.LOSS, losses[i]))));
    }
    return rows;
  }

  @Test
  void namesOfFiguresAreKnown() {
    assertThat(Attacks.isFigure("forget.attack.prefix.probability")).isTrue();
    assertThat(Attacks.isFigure("unseen-forget.attack.quantised-4.probability-q")).isTrue();
    assertThat(Attacks.isFigure("retain.attack.logit-lens.block-12.probability")).isTrue();
    assertThat(Attacks.isFigure("forget.attack.membership.min-k-plus-plus-s")).isTrue();
    assertThat(Attacks.isFigure("neutral.attack.divergence.kl")).isTrue();
    assertThat(Attacks.isFigure("forget.attack.prefix.rouge-l-recall")).isFalse();
    assertThat(Attacks.isFigure("forget.attack.soft-prompt.probability")).isFalse();
    assertThat(Attacks.isFigure("forget.probability")).isFalse();
  }

  /** 4 tokens of prompt and answer count 12 with their training; see AttackBudget. */
  @Test
  void theBudgetBoundsTheRows() {
    List<Attack> direct = List.of(Attacks.of(Attacks.DEFAULTS).get(0));
    AttackedRow row = row("forget", "r", "Who is the first?");
    long tokens = row.example().tokens().length;
    Map<String, List<AttackedRow>> sample = Map.of("forget", List.of(row, row));

    AttackBudget.Plan plan = new AttackBudget(0.2, 80 * tokens).plan(direct, sample, 64);

    // 20 of 100 parts, two for each row.
    assertThat(plan.rows()).isEqualTo(10);
    assertThat(plan.share()).isCloseTo(0.2, within(1e-12));
    assertThat(new AttackBudget(0.2, 1000 * tokens).plan(direct, sample, 64).rows()).isEqualTo(64);
    assertThat(new AttackBudget(0.2, 1).plan(direct, sample, 64).rows()).isEqualTo(8);
  }

  @Test
  void recomputedNumbersFollowFromLossAndTexts() {
    AttackRow row =
        new AttackRow(
            "direct",
            0,
            "forget",
            "r",
            4,
            Optional.empty(),
            Map.of(Quantity.LOSS, 2.0, Quantity.PROBABILITY, 0.5),
            Optional.empty());

    assertThat(RecomputedAttackRow.of(row))
        .containsEntry(Quantity.PROBABILITY, Math.exp(-2))
        .containsEntry(Quantity.LOSS, 2.0);
  }

  @Test
  void rephrasedPromptsDiffer() {
    assertThat(Rephrasing.of("Where was the author born?"))
        .contains("Do you know the answer to this question: where was the author born?")
        .doesNotHaveDuplicates()
        .doesNotContain("Where was the author born?");
    assertThat(Rephrasing.of("Who was she?")).contains("Can you tell me who she was?");
    assertThat(Rephrasing.of("What is the price?")).contains("Tell me about the price.");
    assertThat(Rephrasing.of("The author lives in")).hasSize(3);
    assertThat(Rephrasing.of(" ")).isEmpty();
  }

  @Test
  void invalidSettingsAreRejected() {
    assertThatThrownBy(() -> new AttackSettings.Sampled(5, 0))
        .hasMessage("Invalid temperature: 0.0, expected above 0");
    assertThatThrownBy(() -> AttackSummary.fromJson(Golden.JSON.createObjectNode()))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Invalid evaluation summary: version , expected 1, expected the document that evaluate"
                + " writes; run evaluate again");
  }
}
