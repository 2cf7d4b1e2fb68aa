package org.lethe.evaluation.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.lethe.evaluation.Metric;

final class LineSearchTest {
  private static final ForgetTarget TARGET = new ForgetTarget(List.of(Metric.PROBABILITY), 0);
  private static final MonitorReading BEGIN = Readings.decision(2, 1, 1, 0);
  private final List<Double> tried = new ArrayList<>();

  /** On this line the probability falls from 1 to 0 and the retain loss rises from 0 to 1. */
  private final DoubleFunction<MonitorReading> line =
      position -> {
        tried.add(position);
        return Readings.decision(3, position, 1 - position, position);
      };

  @Test
  void theSmallestRetainLossInsideTheIntervalIsChosen() {
    MonitorReading chosen = search(1).choose(BEGIN, Readings.decision(3, 1, 0, 1), line);

    // Towards the mean of unseen rows, 0.3, at position 0.7.
    assertThat(tried).containsExactly(0.5, 0.75, 0.625, 0.6875);
    assertThat(chosen.position()).isEqualTo(0.625);
    assertThat(search(1).forgetting(chosen)).isEqualTo(Forgetting.LIKE_UNSEEN);
  }

  @Test
  void anEndThatIsNotForgottenIsReturned() {
    MonitorReading end = Readings.decision(3, 1, 0.6, 0.01);

    assertThat(search(1).choose(BEGIN, end, line)).isEqualTo(end);
    assertThat(tried).isEmpty();
  }

  @Test
  void anEndInTheUpperHalfIsReturned() {
    MonitorReading end = Readings.decision(3, 1, 0.35, 0.01);

    assertThat(search(1).choose(BEGIN, end, line)).isEqualTo(end);
    assertThat(tried).isEmpty();
  }

  @Test
  void theBudgetComesBeforeTheTarget() {
    LineSearch search = search(0.2);
    MonitorReading chosen = search.choose(BEGIN, Readings.decision(3, 1, 0.6, 1), line);

    assertThat(tried).containsExactly(0.5, 0.25, 0.125, 0.1875);
    assertThat(chosen.position()).isEqualTo(0.1875);
    assertThat(search.isWithinBudget(chosen)).isTrue();
    assertThat(search.forgetting(chosen)).isEqualTo(Forgetting.NOT_FORGOTTEN);
  }

  @Test
  void aPointLikeUnseenRowsThatSpentTheBudgetIsNotReturned() {
    LineSearch search = search(0.2);
    MonitorReading chosen = search.choose(BEGIN, Readings.decision(3, 1, 0.35, 1), line);

    assertThat(tried).containsExactly(0.5, 0.25, 0.125, 0.1875);
    assertThat(search.isWithinBudget(chosen)).isTrue();
  }

  @Test
  void theEarlierCheckpointIsReturnedIfOnlyItKeepsTheBudget() {
    LineSearch search = search(0.005);
    MonitorReading chosen = search.choose(BEGIN, Readings.decision(3, 1, 0.6, 1), line);

    assertThat(tried).containsExactly(0.5, 0.25, 0.125, 0.0625);
    assertThat(chosen).isEqualTo(BEGIN);
  }

  @Test
  void aLineThatRegainsTheRetainRowsIsSearchedTowardsItsEnd() {
    LineSearch search = search(0.2);
    MonitorReading lost = Readings.decision(2, 1, 0.5, 0.8);
    MonitorReading regained = Readings.decision(3, 1, 0.14, 0);
    MonitorReading chosen =
        search.choose(lost, regained, p -> Readings.decision(3, p, 0.5 - 0.36 * p, 0.8 * (1 - p)));

    assertThat(search.crossesTarget(lost, regained)).isTrue();
    assertThat(search.isWithinBudget(chosen)).isTrue();
    // 0.23 at 0.75, where the retain loss is 0.2.
    assertThat(chosen.position()).isEqualTo(0.75);
    assertThat(search.forgetting(chosen)).isEqualTo(Forgetting.LIKE_UNSEEN);
  }

  @Test
  void aLineAboveTheBudgetAtBothEndsIsNotSearched() {
    LineSearch search = search(0.2);
    MonitorReading lost = Readings.decision(2, 1, 0.5, 0.8);
    MonitorReading regained = Readings.decision(5, 1, 0.1, 0);

    assertThat(search.crossesTarget(lost, Readings.decision(3, 1, 0.1, 0.8))).isFalse();
    assertThat(search.best(List.of(lost, regained, BEGIN))).isEqualTo(regained);
  }

  private static LineSearch search(double lossBudget) {
    StopSettings settings =
        new StopSettings(
            List.of(new StopRule.RetainBudget(lossBudget, 1, 1)), TARGET, 8, 8, 4, 0, 42);
    return new LineSearch(settings, Readings.history());
  }
}
