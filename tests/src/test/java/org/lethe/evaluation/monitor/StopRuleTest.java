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
    StopRule rule = new StopRule.RetainBudget(0.1, 0.01, 1);

    assertThat(rule.ends(Readings.history(Readings.of(1, 1, 0.11)))).isEmpty();
    assertThat(rule.ends(Readings.history(Readings.of(1, 1, 0.12))))
        .contains("the retain loss rose by 0.1100 nats, above 0.1000");
    assertThat(rule.ends(Readings.history(Readings.moved(1, 0.02, 0))))
        .contains("the divergence from the initial model is 0.02000 nats, above 0.01000");
  }

  @Test
  void retainRowsThatRecoverEndNothing() {
    StopRule rule = new StopRule.RetainBudget(0.1, 1, 3);
    MonitorReading within = Readings.of(1, 1, 0.1);
    MonitorReading lost = Readings.of(2, 1, 0.4);

    assertThat(rule.ends(Readings.history(within, lost, lost))).isEmpty();
    assertThat(rule.ends(Readings.history(within, lost, lost, Readings.of(4, 1, 0.3)))).isEmpty();
    assertThat(rule.ends(Readings.history(within, lost, lost, lost)))
        .contains("the retain loss rose by 0.3900 nats, above 0.1000");
    assertThat(rule.ends(Readings.history(lost, lost, lost, within))).isEmpty();
  }

  @Test
  void forgottenRowsAboveTheRetainBudgetEndNothing() {
    StopSettings settings =
        settings(new StopRule.LikeUnseen(TARGET), new StopRule.RetainBudget(0.1, 1, 3));
    MonitorReading costly = Readings.of(1, 0.3, 0.5);

    assertThat(settings.decide(Readings.history(costly))).isEqualTo(new StopDecision.Continue());
    assertThat(settings.decide(Readings.history(costly, Readings.of(2, 0.3, 0.1))))
        .isEqualTo(new StopDecision.Stop("like-unseen", "forget rows are like unseen rows"));
  }

  @Test
  void theLargerSampleDecidesOnTheBudgetToo() {
    StopSettings settings =
        settings(new StopRule.LikeUnseen(TARGET), new StopRule.RetainBudget(0.1, 1, 3));
    MonitorReading cheap = Readings.of(1, 0.3, 0.1);

    assertThat(settings.decide(Readings.history(cheap, Readings.decision(1, 1, 0.3, 0.2))))
        .isEqualTo(new StopDecision.Continue());
    assertThat(settings.decide(Readings.history(cheap, Readings.decision(1, 1, 0.3, 0.1))))
        .isEqualTo(new StopDecision.Stop("like-unseen", "forget rows are like unseen rows"));
  }

  @Test
  void noProgressComparesRoundsApart() {
    StopRule rule = new StopRule.NoProgress(TARGET, 2, 0.01);
    MonitorReading first = Readings.of(1, 0.9, 0);

    assertThat(rule.ends(Readings.history(first, Readings.of(2, 0.9, 0)))).isEmpty();
    assertThat(rule.ends(Readings.history(first, Readings.of(2, 0.9, 0), Readings.of(3, 0.895, 0))))
        .contains("probability went 0.8333 % of the way to unseen rows in 2 rounds, below 1.000 %");
    assertThat(rule.ends(Readings.history(first, Readings.of(2, 0.9, 0), Readings.of(3, 0.8, 0))))
        .isEmpty();
  }

  @Test
  void progressIsRelativeToTheWayThatIsLeft() {
    StopRule rule = new StopRule.NoProgress(TARGET, 1, 0.01);

    // 0.12 above the mean of unseen rows.
    assertThat(rule.ends(Readings.history(Readings.of(1, 0.42, 0), Readings.of(2, 0.418, 0))))
        .isEmpty();
    assertThat(rule.ends(Readings.history(Readings.of(1, 0.42, 0), Readings.of(2, 0.4195, 0))))
        .contains("probability went 0.4167 % of the way to unseen rows in 1 rounds, below 1.000 %");
    assertThat(rule.ends(Readings.history(Readings.of(1, 0.39, 0), Readings.of(2, 0.39, 0))))
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
        settings(new StopRule.LikeUnseen(TARGET), new StopRule.RetainBudget(0.1, 1, 1));

    assertThat(settings.decide(Readings.history(Readings.of(1, 0.9, 0.01))))
        .isEqualTo(new StopDecision.Continue());
    assertThat(settings.decide(Readings.history(Readings.of(1, 0.3, 0.1))))
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

  private static StopSettings settings(StopRule... rules) {
    return new StopSettings(List.of(rules), TARGET, 8, 8, 4, 0, 42);
  }
}
