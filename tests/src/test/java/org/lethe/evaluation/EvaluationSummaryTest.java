package org.lethe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

final class EvaluationSummaryTest {
  private static EvaluationRow row(
      String set, String id, String task, Metric metric, double value) {
    return new EvaluationRow(
        set,
        id,
        task,
        "prompt canary",
        "expected canary",
        Optional.empty(),
        3,
        Map.of(metric, value));
  }

  private static EvaluationSummary small() {
    return EvaluationSummary.of(
        List.of(
            row("forget", "1", "Task1", Metric.LOSS, 1),
            row("forget", "2", "Task1", Metric.LOSS, 2),
            row("forget", "3", "v1.5", Metric.LOSS, 6),
            row("retain", "4", "", Metric.LOSS, 4)),
        1);
  }

  @Test
  void figuresAreMeansBySetAndTask() {
    EvaluationSummary summary = small();

    assertThat(summary.figure("forget.loss").mean()).isEqualTo(3);
    assertThat(summary.figure("forget.loss").count()).isEqualTo(3);
    assertThat(summary.figure("forget.Task1.loss").mean()).isEqualTo(1.5);
    assertThat(summary.figure("forget.v1.5.loss").mean()).isEqualTo(6);
    assertThat(summary.states().means()).containsEntry("retain.loss", 4.0);
    assertThat(summary.sets().get("forget").all().tokens()).isEqualTo(9);
  }

  @Test
  void meanOverSomeOfTheRowsIsNotMeasured() throws JsonProcessingException {
    List<EvaluationRow> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      TextEnd end = i == 3 ? TextEnd.CUT_SHORT : TextEnd.BY_MODEL;
      rows.add(
          new EvaluationRow(
              "forget",
              "row-" + i,
              "T",
              "p",
              "one two",
              Optional.of("one"),
              3,
              TextMetrics.of("one two", "one", end)));
    }
    EvaluationSummary summary = EvaluationSummary.of(rows, 1);

    assertThat(summary.figures()).containsKey("forget.cut-short");
    assertThat(summary.figures()).doesNotContainKeys("forget.rouge-l-recall", "forget.loss");
    EvaluationFigures states = summary.states();
    assertThat(states.mean("forget.rouge-l-recall")).isEmpty();
    assertThat(states.reason("forget.T.rouge-l-recall"))
        .isEqualTo(
            "1 of 4 rows: generation ended before the whole expected answer could appear; raise"
                + " lethe.evaluate.max-new-tokens, or shorten prompts that fill the model's"
                + " context");
    assertThat(states.reason("forget.loss")).isEqualTo("the evaluation has no such figure");
    assertThat(EvaluationSummary.fromJson(Golden.JSON.readTree(summary.toJson().toString())))
        .isEqualTo(summary);
  }

  @Test
  void metricThatNoRowDefinesIsNotMeasured() {
    EvaluationRow row =
        new EvaluationRow(
            "forget",
            "a",
            "",
            "p",
            "Иванова",
            Optional.of("Иванова"),
            3,
            TextMetrics.of("Иванова", "Иванова", TextEnd.BY_MODEL));
    EvaluationFigures states = EvaluationSummary.of(List.of(row), 1).states();

    assertThat(states.mean("forget.rouge-l-recall")).hasValue(1.0);
    assertThat(states.reason("forget.rouge-score-recall"))
        .isEqualTo(
            "1 of 1 rows: the expected answer has no words of the kind that the figure counts");
  }

  @Test
  void unknownFigureIsReportedWithTheKnownOnes() {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> small().figure("forget.rouge"))
        .withMessage(
            "Unknown evaluation figure: forget.rouge, expected one of forget.loss,"
                + " forget.Task1.loss, forget.v1.5.loss, retain.loss; correct the name in the"
                + " configuration, or evaluate with the data that the figure needs")
        .satisfies(e -> assertThat(e.exitClass()).isEqualTo(ExitClass.USAGE));
  }

  @Test
  void intervalCoversTheMeanOfNormalValues() {
    Random random = new Random(5);
    int covered = 0;
    for (int trial = 0; trial < 200; trial++) {
      double[] values = random.doubles(60).map(v -> random.nextGaussian()).toArray();
      Figure figure = Figure.of(values, trial);
      covered += figure.low() <= 0 && 0 <= figure.high() ? 1 : 0;
      assertThat(figure).isEqualTo(Figure.of(values, trial));
      assertThat(figure.high() - figure.low()).isCloseTo(2 * 1.96 / Math.sqrt(60), within(0.25));
    }
    assertThat(covered).isBetween(180, 199);
  }

  @Test
  void intervalOfOneRowIsTheRow() {
    assertThat(small().figure("retain.loss")).isEqualTo(new Figure(4, 4, 4, 1));
  }

  @Test
  void summaryDoesNotDependOnTheOrderOfRows() {
    List<EvaluationRow> rows = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      rows.add(row("forget", "row" + i, "", Metric.LOSS, 0.1 * i));
    }
    EvaluationSummary summary = EvaluationSummary.of(rows, 9);
    java.util.Collections.reverse(rows);
    assertThat(EvaluationSummary.of(rows, 9)).isEqualTo(summary);
  }

  @Test
  void documentSurvivesARoundTripWithoutText() throws JsonProcessingException {
    String json = Golden.JSON.writeValueAsString(small().toJson());

    assertThat(json).doesNotContain("canary");
    assertThat(EvaluationSummary.fromJson(Golden.JSON.readTree(json))).isEqualTo(small());
  }

  @Test
  void invalidDocumentsAreRejected() throws JsonProcessingException {
    for (String[] wrong :
        new String[][] {
          {"{}", "no whole number in field version"},
          {"{'version':2}", "version 2, expected 1"},
          {"{'version':1,'seed':1}", "no object in field sets"},
          {
            "{'version':1,'seed':1,'sets':{'forget':{'count':1,'tokens':1,'tasks':{},"
                + "'figures':{'lust':{}}}}}",
            "unknown metric lust"
          },
          {
            "{'version':1,'seed':1,'sets':{'forget':{'count':1,'tokens':1,'tasks':{},"
                + "'figures':{'loss':{'mean':3,'low':4,'high':5,'count':1}}}}}",
            "Invalid figure: 3.0 in [4.0, 5.0] of 1 rows"
          }
        }) {
      var document = Golden.JSON.readTree(wrong[0].replace('\'', '"'));
      assertThatExceptionOfType(LetheException.class)
          .isThrownBy(() -> EvaluationSummary.fromJson(document))
          .withMessage(
              "Invalid evaluation summary: "
                  + wrong[1]
                  + ", expected the document that evaluate writes; run evaluate again");
    }
  }

  @Test
  void rowsRejectNonFiniteFiguresAndOddSetNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> row("forget", "7", "", Metric.LOSS, Double.NaN))
        .withMessage("Invalid loss: NaN, row 7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> row("For.get", "7", "", Metric.LOSS, 1))
        .withMessage("Invalid set: For.get, expected lower-case letters, digits and hyphens");
  }
}
