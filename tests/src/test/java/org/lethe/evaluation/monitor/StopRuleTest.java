package org.lethe.evaluation.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.evaluation.Metric;

final class StopRuleTest {
  private static final ForgetTarget TARGET = new ForgetTarget(List.of(Metric.PROBABILITY), 0);

  @ParameterizedTest
  @CsvSource({
    "0.41, NOT_FORGOTTEN",
    "0.4, LIKE_UNSEEN",
    "0.2, LIKE_UNSEEN",
    "0.19, OVER_FORGOTTEN",
  })
  void theTargetHasTwoSides(double forget, Forgetting expected) {
    assertThat(TARGET.compare(Readings.of(1, forget, 0).forget(), Readings.UNSEEN))
        .isEqualTo(expected);
  }

  @Test
  void aMarginWidensBothSides() {
    ForgetTarget wide = new ForgetTarget(List.of(Metric.PROBABILITY), 0.05);

    assertThat(wide.compare(Readings.of(1, 0.44, 0).forget(), Readings.UNSEEN))
        .isEqualTo(Forgetting.LIKE_UNSEEN);
    assertThat(wide.compare(Readings.of(1, 0.16, 0).forget(), Readings.UNSEEN))
        .isEqualTo(Forgetting.LIKE_UNSEEN);
  }

  @Test
  void aTargetWithoutFiguresOrWithOtherFiguresIsInvalid() {
    assertThatThrownBy(() -> new ForgetTarget(List.of(Metric.ROUGE_L_RECALL), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid forget target: [ROUGE_L_RECALL], margin 0.0");
  }

  @Test
  void likeUnseenEndsInsideAndBelowTheInterval() {
    StopRule rule = new StopRule.LikeUnseen(TARGET);

    assertThat(rule.ends(Readings.history())).isEmpty();
    assertThat(rule.ends(Readings.history(Readings.of(1, 0.5, 0)))).isEmpty();
    assertThat(rule.ends(Readings.history(Readings.of(1, 0.39, 0))))
        .contains("forget rows are like unseen rows");
    assertThat(rule.ends(Readings.history(Readings.of(1, 0.1, 0))))
        .contains("forget rows are over-forgotten");
  }

  @Test
  void theLargerSampleDecides() {
    MonitorHistory history =
        Readings.history(Readings.of(1, 0.39, 0), Readings.decision(1, 1, 0.45, 0));

    assertThat(new StopRule.LikeUnseen(TARGET).ends(history)).isEmpty();
  }

  @Test
  void theRetainBudgetEndsByLossOrDivergence() {
    StopRule rule = new StopRule.RetainBudget(0.1, 0.01);

    assertThat(rule.ends(Readings.history(Readings.of(1, 1, 0.11)))).isEmpty();
    assertThat(rule.ends(Readings.history(Readings.of(1, 1, 0.12))))
        .contains("the retain loss rose by 0.1100 nats, above 0.1000");
    assertThat(rule.ends(Readings.history(Readings.moved(1, 0.02, 0))))
        .contains("the divergence from the initial model is 0.02000 nats, above 0.01000");
  }

  @Test
  void noProgressComparesRoundsApart() {
    StopRule rule = new StopRule.NoProgress(TARGET, 2, 0.01);
    MonitorReading first = Readings.of(1, 0.9, 0);

    assertThat(rule.ends(Readings.history(first, Readings.of(2, 0.9, 0)))).isEmpty();
    assertThat(rule.ends(Readings.history(first, Readings.of(2, 0.9, 0), Readings.of(3, 0.895, 0))))
        .contains("probability came 0.005000 closer to unseen rows in 2 rounds, below 0.01000");
    assertThat(rule.ends(Readings.history(first, Readings.of(2, 0.9, 0), Readings.of(3, 0.8, 0))))
        .isEmpty();
  }

  @Test
  void theMarginEndsAtItsShareOfClosedPositions() {
    StopRule rule = new StopRule.MarginClosed(0, 0.9);

    assertThat(rule.ends(Readings.history(Readings.moved(1, 0, 0.89)))).isEmpty();
    assertThat(rule.ends(Readings.history(Readings.moved(1, 0, 0.9))))
        .contains("the logit gap is closed at 90.00 % of forget positions, at least 90.00 %");
  }

  @Test
  void theFirstRuleThatEndsNamesTheReason() {
    StopSettings settings =
        new StopSettings(
            List.of(new StopRule.LikeUnseen(TARGET), new StopRule.RetainBudget(0.1, 1)),
            TARGET,
            8,
            8,
            4,
            0,
            42);

    assertThat(settings.decide(Readings.history(Readings.of(1, 0.9, 0.01))))
        .isEqualTo(new StopDecision.Continue());
    assertThat(settings.decide(Readings.history(Readings.of(1, 0.3, 1))))
        .isEqualTo(new StopDecision.Stop("like-unseen", "forget rows are like unseen rows"));
    assertThat(settings.decide(Readings.history(Readings.of(1, 0.9, 1.01))))
        .isEqualTo(
            new StopDecision.Stop(
                "retain-budget", "the retain loss rose by 1.000 nats, above 0.1000"));
  }

  @Test
  void aHistoryBeginsWithTheInitialModel() {
    assertThatThrownBy(() -> new MonitorHistory(List.of(Readings.of(1, 1, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid history: the initial model has no readings");
  }
}
