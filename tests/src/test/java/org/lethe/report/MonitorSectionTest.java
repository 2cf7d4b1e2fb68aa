package org.lethe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.monitor.Forgetting;
import org.lethe.evaluation.monitor.MarginReading;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.monitor.MonitorSample;
import org.lethe.evaluation.monitor.SetReading;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.run.ErasureRecord.Decision;

final class MonitorSectionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void thePageShowsTheForgetRowsBesideUnseenRows() {
    MonitorReading chosen = reading(3, 0.625, MonitorSample.DECISION, 0.3);
    List<JsonNode> lines = new ArrayList<>();
    lines.add(JSON.valueToTree(reading(0, 1, MonitorSample.ROUND, 0.99)));
    lines.add(JSON.valueToTree(reading(0, 1, MonitorSample.DECISION, 0.98)));
    lines.add(JSON.valueToTree(reading(1, 1, MonitorSample.ROUND, 0.9)));
    lines.add(JSON.valueToTree(reading(2, 1, MonitorSample.ROUND, 0.6)));
    lines.add(JSON.valueToTree(reading(3, 1, MonitorSample.ROUND, 0.1)));
    lines.add(JSON.valueToTree(chosen));
    MonitorSection section =
        new MonitorSection(
            lines,
            Optional.of(
                new StopOutcome(
                    1,
                    "ab",
                    "like-unseen",
                    "forget rows are over-forgotten",
                    2,
                    3,
                    0.625,
                    Forgetting.LIKE_UNSEEN,
                    true,
                    chosen)));

    String html =
        Report.html(ReportSample.record(Decision.RELEASED), List.of(), RevealSection.NONE, section);

    assertThat(html)
        .contains(
            "Ended after round 3 by the rule like-unseen: forget rows are over-forgotten. Returned:"
                + " a point between round 2 and round 3, 0.625 of the way, where the forget rows"
                + " are like unseen rows.")
        .contains("<h3>Exact memorisation</h3>")
        .contains("<title>round 2, forget: 0.6000</title>")
        .contains("<title>round 3, unseen, high: 0.4000</title>")
        .contains("<title>round 3, returned: 0.3000</title>");
  }

  @Test
  void aRunWithoutStopRulesHasNoSuchSection() {
    assertThat(Report.html(ReportSample.record(Decision.RELEASED), List.of()))
        .doesNotContain("When it stopped");
  }

  private static MonitorReading reading(
      int round, double position, MonitorSample sample, double forget) {
    return new MonitorReading(
        round,
        position,
        sample,
        set(forget, forget, forget),
        set(1, 1, 1),
        set(0.3, 0.2, 0.4),
        new Figure(0, 0, 0, 8),
        new MarginReading(0, 0, 10));
  }

  private static SetReading set(double mean, double low, double high) {
    Figure figure = new Figure(mean, low, high, 8);
    return new SetReading(figure, figure, figure, figure);
  }
}
