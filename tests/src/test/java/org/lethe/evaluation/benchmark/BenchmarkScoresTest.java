package org.lethe.evaluation.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Golden;

final class BenchmarkScoresTest {
  @Test
  void tofuUsesItsOwnFormulaForEachSet() {
    double[] wrong = {Math.log(2), Math.log(2)}; // each wrong answer has probability 1/2
    TofuRow forget = new TofuRow(TofuSet.FORGET, "0", Math.log(4), 1, Math.log(4), wrong);
    TofuRow authors = new TofuRow(TofuSet.REAL_AUTHORS, "0", Math.log(4), 1, Math.log(4), wrong);

    assertThat(forget.probability()).isCloseTo(0.25, within(1e-12));
    assertThat(authors.probability()).isCloseTo(0.2, within(1e-12));
    assertThat(forget.truthRatio()).isCloseTo(2, within(1e-12));
    assertThat(forget.truth()).isCloseTo(0.5, within(1e-12));
    assertThat(authors.truth()).isZero();
  }

  @Test
  void tofuLogWithAMissingValueIsRejected() throws IOException {
    JsonNode log =
        Golden.JSON.readTree(
            "{\"eval_log_forget.json\":{\"avg_gt_loss\":{\"7\":1},"
                + "\"average_perturb_loss\":{\"7\":[1]}}}");
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> TofuLog.read(log))
        .withMessage(
            "Invalid TOFU log: no rougeL_recall of row 7 in eval_log_forget.json, expected"
                + " eval_log_aggregated.json of the original repository; give the whole file");
  }

  @Test
  void semEvalAggregatesTwelveTermsWithForgetTermsSubtractedFromOne() {
    List<EvaluationRow> rows = new ArrayList<>();
    for (String set : List.of("forget", "retain")) {
      for (int task = 1; task <= 3; task++) {
        String name = "Task" + task;
        // Two of four reference words in order: recall 0.5. One of two questions answered.
        rows.add(row(set, "\"doc" + task + "\"sc1", name, "one two three four", "two zzz four"));
        rows.add(row(set, "doc" + task + "qa0", name, "1990-01-02", "1990-01-02\n"));
        rows.add(row(set, "doc" + task + "qa1", name, "900000001", "900000001 is it"));
      }
    }
    SortedMap<String, Double> figures = semEval(rows);

    assertThat(figures.keySet()).filteredOn(name -> name.contains(".Task")).hasSize(12);
    assertThat(figures).containsEntry("forget.Task1.regurgitation", 0.5);
    assertThat(figures.get("task-aggregate")).isCloseTo(0.5, within(1e-12));
    assertThat(SemEvalScores.finalScore(0.5, 0.7, 0.3)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void semEvalIsZeroIfEveryForgetQuestionIsAnswered() {
    List<EvaluationRow> rows =
        List.of(row("forget", "aqa0", "Task1", "x", "x"), row("retain", "bqa0", "Task1", "x", "x"));
    assertThat(semEval(rows)).containsEntry("task-aggregate", 0.0);
  }

  @Test
  void semEvalMembershipIsOneForIndistinguishableLosses() {
    assertThat(SemEvalScores.membershipScore(new double[] {1, 2}, new double[] {1, 2}))
        .isEqualTo(1);
    assertThat(SemEvalScores.membershipScore(new double[] {0, 0}, new double[] {1, 2})).isZero();
    assertThat(SemEvalScores.membershipScore(new double[] {3, 3}, new double[] {1, 2})).isZero();
  }

  @Test
  void semEvalRejectsUnknownIdsAndRowsWithoutText() {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> semEval(List.of(row("forget", "doc-7", "Task1", "x", "y"))))
        .withMessage(
            "Unknown kind of SemEval row: id doc-7, expected it to end with sc or qa and one"
                + " digit; keep the benchmark's ids when you prepare its data");
    EvaluationRow silent =
        new EvaluationRow("forget", "aqa0", "Task1", "p", "x", Optional.empty(), 1, Map.of());
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> semEval(List.of(silent)))
        .withMessage(
            "No generated text in row aqa0, expected one for this score; evaluate again with"
                + " generation switched on");
  }

  private static SortedMap<String, Double> semEval(List<EvaluationRow> rows) {
    LumeBenchmark benchmark = new LumeBenchmark("semeval");
    return benchmark.figures(benchmark.samples(rows), Optional.empty());
  }

  private static EvaluationRow row(
      String set, String id, String task, String expected, String generated) {
    return new EvaluationRow(set, id, task, "p", expected, Optional.of(generated), 1, Map.of());
  }
}
