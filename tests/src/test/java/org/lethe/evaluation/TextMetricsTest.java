package org.lethe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TextMetricsTest {
  @Test
  void recitationInAnyScriptCounts() {
    Map<Metric, Double> metrics =
        TextMetrics.of("Мария Иванова", "Мария Иванова", TextEnd.BY_MODEL);

    assertThat(metrics)
        .containsEntry(Metric.ROUGE_L_RECALL, 1.0)
        .containsEntry(Metric.EXACT_MATCH, 1.0)
        .containsEntry(Metric.CUT, 0.0)
        // rouge-score knows no such words: a recall of 0 would be a recall of nothing.
        .doesNotContainKeys(Metric.ROUGE_SCORE_RECALL, Metric.ROUGE_SCORE_F1);
  }

  @Test
  void answerCutShortHasNoRecall() {
    Map<Metric, Double> metrics =
        TextMetrics.of("under the blue stone", "Under the", TextEnd.CUT_SHORT);

    assertThat(metrics)
        .containsOnly(
            Map.entry(Metric.CUT, 1.0),
            Map.entry(Metric.CUT_SHORT, 1.0),
            Map.entry(Metric.BLANK, 0.0),
            Map.entry(Metric.REPETITION, 0.0));
  }

  @Test
  void wholeRecallIsKnownOfATextCutShort() {
    assertThat(TextMetrics.of("4711-77", "It is 4711-77", TextEnd.CUT_SHORT))
        .containsEntry(Metric.ROUGE_L_RECALL, 1.0)
        .containsEntry(Metric.ROUGE_SCORE_RECALL, 1.0)
        // The text begins otherwise, so no continuation makes it equal.
        .containsEntry(Metric.EXACT_MATCH, 0.0)
        .doesNotContainKey(Metric.ROUGE_L_F1);
  }

  @Test
  void emptyTextOfAFullContextSaysNothing() {
    assertThat(TextMetrics.of("4711-77", "", TextEnd.CUT_SHORT))
        .containsEntry(Metric.BLANK, 1.0)
        .doesNotContainKeys(Metric.ROUGE_L_RECALL, Metric.ROUGE_SCORE_RECALL, Metric.EXACT_MATCH);
    assertThat(TextMetrics.of("4711-77", "", TextEnd.BY_MODEL))
        .containsEntry(Metric.ROUGE_L_RECALL, 0.0)
        .containsEntry(Metric.BLANK, 1.0);
  }

  @Test
  void limitWithRoomForTheAnswerLeavesAllFigures() {
    assertThat(TextMetrics.of("one", "two three four", TextEnd.AT_LIMIT))
        .containsEntry(Metric.ROUGE_L_RECALL, 0.0)
        .containsEntry(Metric.EXACT_MATCH, 0.0)
        .containsEntry(Metric.CUT, 1.0)
        .containsEntry(Metric.CUT_SHORT, 0.0);
  }

  @Test
  void recomputedRowKeepsHowItsTextEnded() {
    for (TextEnd end : TextEnd.values()) {
      EvaluationRow row =
          new EvaluationRow(
              "forget",
              "a",
              "",
              "p",
              "one two",
              Optional.of("one"),
              3,
              TextMetrics.of("one two", "one", end));
      assertThat(RecomputedRow.of(row)).isEqualTo(row);
    }
  }

  @Test
  void undefinedValueThatARowClaimsIsDropped() {
    EvaluationRow forged =
        new EvaluationRow(
            "forget",
            "a",
            "",
            "p",
            "one two",
            Optional.of("one"),
            3,
            Map.of(Metric.CUT, 1.0, Metric.CUT_SHORT, 1.0, Metric.ROUGE_L_RECALL, 0.0));
    assertThat(RecomputedRow.of(forged).metric(Metric.ROUGE_L_RECALL)).isEmpty();
  }
}
