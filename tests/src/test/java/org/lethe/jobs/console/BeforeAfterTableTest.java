package org.lethe.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.NotMeasured;

final class BeforeAfterTableTest {
  private static final String NAME = "forget.rouge-l-recall";

  @Test
  void figureWithoutValueIsShownWithItsReason() {
    EvaluationFigures before = EvaluationFigures.of(Map.of(NAME, new Figure(1, 1, 1, 9)));
    EvaluationFigures after =
        new EvaluationFigures(
            new TreeMap<>(),
            new TreeMap<>(Map.of(NAME, new NotMeasured(NotMeasured.Reason.NO_WORDS, 2, 9))));

    List<String> lines = BeforeAfterTable.lines(before, after);

    assertThat(lines)
        .contains("  Text recited                    100.0 % not measured   lower")
        .contains(
            "    not measured: 2 of 9 rows: the expected answer has no words of the kind that the"
                + " figure counts");
  }

  @Test
  void modelsWithoutFiguresHaveNoTable() {
    assertThat(BeforeAfterTable.lines(EvaluationFigures.NONE, EvaluationFigures.NONE)).isEmpty();
  }
}
