package org.lethe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.text.Example;

final class EvaluatorTest {
  private static final EvaluationSettings SETTINGS =
      new EvaluationSettings(4, Generation.GREEDY, 100, 5, EvaluationSettings.ALL_ROWS, 7);

  private static List<EvaluationRow> evaluate(
      EvaluationSettings settings, EvaluationExample... examples) {
    return new Evaluator(new LetterModel(), settings)
        .evaluate(List.of(examples), ProgressListener.SILENT);
  }

  @Test
  void rowContainsAllMetrics() {
    EvaluationRow row =
        evaluate(SETTINGS, LetterModel.example("forget", "a", "Task1", "Ada Oak", "ada oak"))
            .get(0);

    assertThat(row.id()).isEqualTo("a");
    assertThat(row.task()).isEqualTo("Task1");
    assertThat(row.generated()).contains("Ada Oak");
    assertThat(row.tokens()).isEqualTo(8); // seven letters and the end token
    assertThat(row.metrics()).containsEntry(Metric.EXACT_MATCH, 1.0);
    assertThat(row.metrics()).containsEntry(Metric.ROUGE_L_RECALL, 1.0);
    assertThat(row.metrics()).containsEntry(Metric.BLANK, 0.0);
    double loss = ("ada oak".chars().sum() + LetterModel.END) / 100.0 / 8;
    assertThat(row.metric(Metric.LOSS).orElseThrow()).isCloseTo(loss, within(1e-7));
    assertThat(row.metric(Metric.PROBABILITY).orElseThrow())
        .isCloseTo(Math.exp(-loss), within(1e-7));
    assertThat(row).hasToString("EvaluationRow[forget, a]");
  }

  @Test
  void memorisationIgnoresTheEndToken() {
    EvaluationRow row =
        evaluate(SETTINGS, LetterModel.example("forget", "a", "", "p", "axbc")).get(0);

    assertThat(row.metrics()).containsEntry(Metric.EXACT_MEMORISATION, 0.75);
    assertThat(row.metrics()).containsEntry(Metric.EXTRACTION_STRENGTH, 0.5);
  }

  @Test
  void marginAppliesToRowsToKeepOnly() {
    String prompt = "a very long prompt indeed";
    EvaluationExample kept = LetterModel.example("retain", "a", "", prompt, "ab");

    EvaluationRow row = evaluate(SETTINGS, kept).get(0);
    assertThat(row.generated()).contains("a very l"); // 2 + 1 + 5
    assertThat(row.metrics()).containsEntry(Metric.CUT, 1.0).containsEntry(Metric.CUT_SHORT, 0.0);
    EvaluationSettings unlimited =
        new EvaluationSettings(
            4,
            Generation.GREEDY,
            100,
            EvaluationSettings.NO_ANSWER_LIMIT,
            EvaluationSettings.ALL_ROWS,
            7);
    assertThat(evaluate(unlimited, kept).get(0).generated()).contains(prompt);
    // A benchmark's own limit stands alone, as MUSE's 32 new tokens do.
    EvaluationExample ofBenchmark = LetterModel.example("knowmem-retain", "a", "", prompt, "ab");
    assertThat(evaluate(SETTINGS.withNewTokensOf(Map.of("knowmem-retain", 20)), ofBenchmark).get(0))
        .satisfies(
            found -> assertThat(found.generated()).contains(prompt.substring(0, 20).strip()));
  }

  @Test
  void answerAfterAPreambleIsFoundInRowsToForget() {
    String recited = "well, let me think about it for a long while: the code is 4711-77";
    for (String set : List.of("forget", "true-forget", "substituted-forget")) {
      EvaluationRow row =
          evaluate(SETTINGS, LetterModel.example(set, "a", "", recited, "4711-77")).get(0);
      assertThat(row.metrics())
          .containsEntry(Metric.ROUGE_L_RECALL, 1.0)
          .containsEntry(Metric.CUT, 0.0);
    }
  }

  @Test
  void limitBelowTheAnswerLeavesTheFigureUndefined() {
    EvaluationSettings few =
        new EvaluationSettings(4, Generation.GREEDY, 4, 5, EvaluationSettings.ALL_ROWS, 7);
    EvaluationRow row =
        evaluate(few, LetterModel.example("forget", "a", "", "under the stone", "under the stone"))
            .get(0);

    assertThat(row.generated()).contains("unde");
    assertThat(row.metrics())
        .containsEntry(Metric.CUT_SHORT, 1.0)
        .doesNotContainKeys(Metric.ROUGE_L_RECALL, Metric.ROUGE_L_F1, Metric.EXACT_MATCH);
  }

  @Test
  void lengthOfAnAnswerThatAShardCutCountsWhole() {
    EvaluationExample whole =
        LetterModel.example("forget", "a", "", "abcdefghijkl", "abcdefghijkl");
    int[] tokens = whole.example().tokens();
    // Five of twelve letters, without the end token.
    int[] kept = Arrays.copyOf(tokens, whole.example().promptTokens() + 5);
    EvaluationExample cut =
        new EvaluationExample(
            "forget", "", "abcdefghijkl", "abcdefghijkl", new Example("a", kept, 13));
    EvaluationSettings eight =
        new EvaluationSettings(4, Generation.GREEDY, 8, 5, EvaluationSettings.ALL_ROWS, 7);

    assertThat(evaluate(eight, cut).get(0).metrics()).containsEntry(Metric.CUT_SHORT, 1.0);
  }

  @Test
  void answerWithoutTokensHasNoMemorisation() {
    assertThat(evaluate(SETTINGS, LetterModel.example("forget", "a", "", "p", "")).get(0).metrics())
        .containsKey(Metric.LOSS)
        .doesNotContainKeys(
            Metric.EXACT_MEMORISATION, Metric.EXTRACTION_STRENGTH, Metric.ROUGE_L_RECALL);
  }

  @Test
  void withoutGenerationRowsHaveNoTextMetrics() {
    EvaluationSettings lossesOnly =
        new EvaluationSettings(4, Generation.NONE, 1, 1, EvaluationSettings.ALL_ROWS, 7);
    EvaluationRow row =
        evaluate(lossesOnly, LetterModel.example("forget", "a", "", "p", "abc")).get(0);

    assertThat(row.generated()).isEmpty();
    assertThat(row.metrics())
        .containsKey(Metric.LOSS)
        .doesNotContainKeys(Metric.ROUGE_L_RECALL, Metric.EXACT_MATCH, Metric.BLANK);
  }

  @Test
  void rowsDoNotDependOnOrderOrWorkers() {
    List<EvaluationExample> examples = manyExamples();
    List<EvaluationRow> whole =
        new Evaluator(new LetterModel(), SETTINGS).evaluate(examples, ProgressListener.SILENT);
    List<EvaluationExample> shuffled = new ArrayList<>(examples);
    Collections.shuffle(shuffled, new Random(1));
    EvaluationPlan plan = EvaluationPlan.of(shuffled, SETTINGS);
    List<EvaluationRow> divided = new ArrayList<>();
    for (int worker = 0; worker < 3; worker++) {
      divided.addAll(
          new Evaluator(new LetterModel(), SETTINGS)
              .evaluateBatches(plan.batchesOf(worker, 3), ProgressListener.SILENT));
    }

    assertThat(divided).containsExactlyInAnyOrderElementsOf(whole);
    assertThat(EvaluationSummary.of(divided, 3)).isEqualTo(EvaluationSummary.of(whole, 3));
  }

  @Test
  void rowLimitChoosesTheSameRowsEveryTime() {
    EvaluationSettings limited = new EvaluationSettings(4, Generation.NONE, 1, 1, 6, 7);
    EvaluationPlan plan = EvaluationPlan.of(manyExamples(), limited);

    assertThat(plan.rows()).isEqualTo(12);
    assertThat(plan.batches()).hasSize(4);
    List<EvaluationExample> shuffled = new ArrayList<>(manyExamples());
    Collections.shuffle(shuffled, new Random(2));
    assertThat(EvaluationPlan.of(shuffled, limited).batches().stream().map(EvaluatorTest::ids))
        .containsExactlyElementsOf(plan.batches().stream().map(EvaluatorTest::ids).toList());
  }

  @Test
  void scoredRowsWithACommonBeginningShareABatch() {
    List<EvaluationExample> examples = new ArrayList<>();
    for (int question = 0; question < 4; question++) {
      for (String subject : List.of("law: one two three", "art: one two three")) {
        String prompt = subject + " question" + "?".repeat(question);
        String id = subject.substring(0, 3) + question;
        examples.add(LetterModel.example("mmlu", id, "", prompt, "A"));
      }
    }
    EvaluationSettings scored = SETTINGS.withNewTokensOf(Map.of("mmlu", 0));

    assertThat(EvaluationPlan.of(examples, scored).batches().stream().map(EvaluatorTest::ids))
        .hasSize(2)
        .allSatisfy(
            ids ->
                assertThat(ids)
                    .extracting(id -> id.substring(0, 3))
                    .containsOnly(ids.get(0).substring(0, 3)));
    assertThat(EvaluationPlan.of(examples, SETTINGS).batches().get(0))
        .extracting(EvaluationExample::id)
        .contains("law0", "art0");
  }

  @Test
  void lettersOfAQuestionShareABatch() {
    List<EvaluationExample> examples = new ArrayList<>();
    for (int question = 0; question < 5; question++) {
      for (String letter : List.of("A", "B", "C", "D")) {
        String set = letter.equals("C") ? "mmlu" : "mmlu-wrong";
        String id = "law/" + question + "/" + letter;
        examples.add(LetterModel.example(set, id, "law", "which", letter));
      }
    }
    Collections.shuffle(examples, new Random(3));
    EvaluationSettings scored = SETTINGS.withNewTokensOf(Map.of("mmlu", 0, "mmlu-wrong", 0));

    assertThat(EvaluationPlan.of(examples, scored).batches().stream().map(EvaluatorTest::ids))
        .hasSize(5)
        .contains(List.of("law/3/A", "law/3/B", "law/3/C", "law/3/D"));
    // Sets with generated texts have their own batches.
    assertThat(EvaluationPlan.of(examples, SETTINGS).batches())
        .allSatisfy(
            batch ->
                assertThat(batch)
                    .extracting(EvaluationExample::set)
                    .containsOnly(batch.get(0).set()));
  }

  @Test
  void progressCountsRows() {
    List<String> told = new ArrayList<>();
    new Evaluator(new LetterModel(), SETTINGS)
        .evaluate(
            manyExamples().subList(0, 6),
            (stage, done, total) -> told.add(stage + " " + done + "/" + total));
    assertThat(told).containsExactly("evaluate 3/6", "evaluate 6/6");
  }

  @Test
  void nonFiniteLossIsReportedByRowId() {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(
            () -> evaluate(SETTINGS, LetterModel.example("forget", "row-3", "", "p", "secret?")))
        .withMessage(
            "Evaluation of row row-3 returned loss NaN, expected a finite number; the model's"
                + " weights have diverged, train with a smaller learning rate or fewer rounds")
        .satisfies(e -> assertThat(e.exitClass()).isEqualTo(ExitClass.DIVERGED));
  }

  @Test
  void invalidSettingsAreRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EvaluationSettings(0, Generation.GREEDY, 1, 1, 1, 1))
        .withMessage("Invalid batch size: 0, expected at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EvaluationSettings(1, Generation.GREEDY, 1, 0, 1, 1))
        .withMessage("Invalid answer margin: 0, expected at least 1");
  }

  private static List<String> ids(List<EvaluationExample> batch) {
    return batch.stream().map(EvaluationExample::id).toList();
  }

  private static List<EvaluationExample> manyExamples() {
    return IntStream.range(0, 40)
        .mapToObj(
            i ->
                LetterModel.example(
                    i % 2 == 0 ? "forget" : "retain",
                    "row-" + i,
                    "Task" + i % 3,
                    "abcdefghij".repeat(3).substring(0, 1 + i * 7 % 23),
                    "klmnopqrst".substring(0, 1 + i * 3 % 10)))
        .toList();
  }
}
