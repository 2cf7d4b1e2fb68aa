package org.lethe.reveal.relevance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.SeededRandom;

final class RelevanceNullTest {
  private static double ratio(double subject, int facts, Double... others) {
    return new FactScores(subject, List.of(others), facts).ratio();
  }

  @Test
  void ratiosAreThoseComputedByHand() {
    // Probabilities 1/2 about the subject, 1/4 and 1/8 about two names: 1/2 over 3/16.
    assertThat(ratio(Math.log(0.5), 1, Math.log(0.25), Math.log(0.125)))
        .isCloseTo(Math.log(8.0 / 3), within(1e-12));
    assertThat(ratio(Math.log(0.5), 4, Math.log(0.25), Math.log(0.125)))
        .isCloseTo(Math.log(8.0 / 3) / 2, within(1e-12));
    assertThat(ratio(0, 0, 0.0, 0.0)).isZero();
    assertThatThrownBy(() -> ratio(0, 1)).hasMessage("Invalid scores: no other name");
  }

  @Test
  void oneNameThatKnowsTheFactIsEnoughToLowerTheRatio() {
    assertThat(ratio(-1, 1, -30.0, -30.0, -30.0, -30.0)).isCloseTo(29, within(1e-12));
    assertThat(ratio(-1, 1, -1.0, -30.0, -30.0, -30.0)).isCloseTo(Math.log(4), within(1e-12));
  }

  @Test
  void probabilitiesThatAreTooSmallForADoubleStayComparable() {
    assertThat(ratio(-2000, 1, -3000.0, -3000.0)).isCloseTo(1000, within(1e-9));
  }

  @Test
  void pValuesCountTheNullRatiosThatReachTheRatio() {
    // Nine answers, of which four were not worth scoring.
    RelevanceNull ratios = new RelevanceNull(List.of(3.0, 1.0, 2.0, -1.0, 0.0), 9, 0.2);
    assertThat(ratios.pValue(3.5)).isEqualTo(0.1);
    assertThat(ratios.pValue(3)).isEqualTo(0.2);
    assertThat(ratios.pValue(0.5)).isEqualTo(0.4);
    assertThat(ratios.pValue(-2)).isEqualTo(0.6);
    assertThat(ratios.relevance(3)).isEqualTo(RelevanceNull.ACCEPTED);
    assertThat(ratios.relevance(3.5)).isEqualTo(0.75);
    assertThat(ratios.relevance(0.5)).isZero();
    assertThat(ratios.threshold()).isEqualTo(2);
  }

  @Test
  void everyRatioExceedsTheThresholdOfTooFewRatios() {
    RelevanceNull ratios = new RelevanceNull(List.of(3.0), 9, 0.2);
    assertThat(ratios.threshold()).isEqualTo(-Double.MAX_VALUE);
    assertThat(ratios.relevance(-100)).isEqualTo(RelevanceNull.ACCEPTED);
  }

  @Test
  void aRateThatNoAnswerCanMeetIsRejected() {
    assertThatThrownBy(() -> new RelevanceNull(List.of(), 18, 0.05))
        .hasMessage("Invalid false-accept rate: 0.05 with 18 answers");
    assertThatThrownBy(() -> new RelevanceNull(List.of(1.0, 2.0), 1, 0.5))
        .hasMessage("Invalid number of answers: 1 for 2 ratios");
  }

  /** Exchangeable ratios: a ratio drawn like the null is accepted at most as often as the rate. */
  @Property(tries = 20)
  void theRateBoundsFalseAcceptance(
      @ForAll @LongRange(max = 1000) long seed,
      @ForAll @IntRange(min = 1, max = 10) int twentieths) {
    SeededRandom draws = SeededRandom.of(seed, "ratios");
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add((double) draws.below(30));
    }
    double rate = twentieths / 20.0;
    int accepted = 0;
    for (int i = 0; i < all.size(); i++) {
      List<Double> others = new ArrayList<>(all);
      double ratio = others.remove(i);
      RelevanceNull ratios = new RelevanceNull(others, others.size(), rate);
      boolean isAccepted = ratios.relevance(ratio) >= RelevanceNull.ACCEPTED;
      assertThat(ratio > ratios.threshold()).isEqualTo(isAccepted);
      accepted += isAccepted ? 1 : 0;
    }
    assertThat((double) accepted / all.size()).isLessThanOrEqualTo(rate);
  }
}
