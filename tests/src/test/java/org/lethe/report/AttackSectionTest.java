package org.lethe.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.Interval;

final class AttackSectionTest {
  @Test
  void anAttackHasALineWithItsIntervalAndTheLevelOfUnseenRows() {
    String prefix = "forget.attack.prefix.probability";
    String sampled = "forget.attack.sampled.rouge-l-recall";
    AttackSection section =
        new AttackSection(
            Map.of(prefix, 0.9, sampled, 1.0, "forget.attack.membership.loss-auc", 1.0),
            Map.of(prefix, 0.25, sampled, 0.1, "forget.attack.membership.loss-auc", 0.6),
            Map.of(
                "after." + prefix, new Interval(0.2, 0.3, 8),
                "before.unseen-" + prefix, new Interval(0.1, 0.2, 8)));

    List<Map<String, Object>> lines = section.lines();

    assertThat(lines).extracting(line -> line.get("attack")).containsExactly("prefix", "sampled");
    assertThat(lines.get(0))
        .containsEntry("label", "Belief in the answer")
        .containsEntry("before", "90.0 %")
        .containsEntry("after", "25.0 %")
        .containsEntry("interval", "20.0 to 30.0 %")
        .containsEntry("unseen", "10.0 to 20.0 %");
    // The scale of 228 begins at 6.
    assertThat(lines.get(0).get("plot").toString())
        .contains("<rect class=\"band\" x=\"28.8\" width=\"22.8\"")
        .contains("<line class=\"span\" x1=\"51.6\" x2=\"74.4\"")
        .contains("<circle class=\"was\" cx=\"211.2\"")
        .contains("<circle class=\"is\" cx=\"63.0\"");
    assertThat(lines.get(1)).containsEntry("interval", "").containsEntry("unseen", "not measured");
  }

  @Test
  void relearningIsComparedWithItsControl() {
    String relearn = "forget.attack.relearn.";
    AttackSection section =
        new AttackSection(
            Map.of(relearn + "probability", 0.9, "taught-" + relearn + "probability", 0.9),
            Map.of(
                relearn + "probability",
                0.25,
                relearn + "probability-gain",
                0.05,
                relearn + "control-probability",
                0.125,
                relearn + "control-probability-gain",
                0.025,
                relearn + "probability-r",
                0.5,
                "taught-" + relearn + "probability",
                0.75,
                "taught-" + relearn + "probability-gain",
                -0.01,
                "forget.attack.depth.uds",
                0.8),
            Map.of("after.forget.attack.depth.uds", new Interval(0.7, 0.9, 8)));

    assertThat(section.lines())
        .extracting(line -> line.get("label"))
        .containsExactly(
            "Belief in the answer", "Belief in the answer (rows that the attacker taught)");
    assertThat(section.notes())
        .containsExactly(
            "relearn: training changes belief by +5.0 points, to 25.0 %; that of a model that never"
                + " saw the forget rows by +2.5 points, to 12.5 %. R = 0.50 (1: the unlearned model"
                + " gains no more).",
            "relearn (rows that the attacker taught): training changes belief by -1.0 points, to"
                + " 75.0 %; there is no model that never saw the forget rows to compare with.",
            "Depth of unlearning (UDS): 0.80, interval 0.70 to 0.90 (1: gone from every block, 0:"
                + " still there).");
  }

  @Test
  void aRunWithoutAttacksHasNoSection() {
    assertThat(Report.html(ReportSample.record(Decision.RELEASED), List.of()))
        .doesNotContain("What comes back, by attack");
  }
}
