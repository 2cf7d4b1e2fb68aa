package org.lethe.reveal.relevance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.FactScores;
import org.lethe.reveal.SeededRandom;

final class RelevanceNullTest {
  /** A response whose ratio is the value and whose two null ratios are value and -value. */
  private static FactScores twoNames(double subject, double value) {
    return new FactScores(subject, List.of(value, 0.0));
  }

  @Test
  void ratiosAreThoseComputedByHand() {
    // Probabilities 1/2 about the subject, 1/4 and 1/8 about two names: 1/2 over 3/16.
    FactScores scores = new FactScores(Math.log(0.5), List.of(Math.log(0.25), Math.log(0.125)));
    assertThat(scores.ratio()).isCloseTo(Math.log(8.0 / 3), within(1e-12));
    assertThat(scores.nullRatios().get(0)).isCloseTo(Math.log(2), within(1e-12));
    assertThat(scores.nullRatios().get(1)).isCloseTo(-Math.log(2), within(1e-12));
    // Three names: each against the mean of the other two.
    FactScores three = new FactScores(0, List.of(Math.log(0.5), Math.log(0.25), Math.log(0.125)));
    assertThat(three.nullRatios().get(0)).isCloseTo(Math.log(8.0 / 3), within(1e-12));
    assertThat(three.nullRatios().get(1)).isCloseTo(Math.log(0.8), within(1e-12));
    assertThat(three.nullRatios().get(2)).isCloseTo(Math.log(1.0 / 3), within(1e-12));
    // One name leaves none to compare it with.
    assertThat(new FactScores(0, List.of(-1.0)).nullRatios()).isEmpty();
  }

  @Test
  void oneNameThatKnowsTheFactIsEnoughToLowerTheRatio() {
    FactScores nobody = new FactScores(-1, List.of(-30.0, -30.0, -30.0, -30.0));
    FactScores neighbour = new FactScores(-1, List.of(-1.0, -30.0, -30.0, -30.0));
    assertThat(nobody.ratio()).isCloseTo(29, within(1e-12));
    assertThat(neighbour.ratio()).isCloseTo(Math.log(4), within(1e-12));
  }

  @Test
  void probabilitiesThatAreTooSmallForADoubleStayComparable() {
    assertThat(new FactScores(-2000, List.of(-3000.0, -3000.0)).ratio())
        .isCloseTo(1000, within(1e-9));
  }

  @Test
  void pValuesCountTheNullRatiosThatReachTheRatio() {
    // Null ratios: 1, -1, 2, -2, 3, -3.
    RelevanceNull ratios =
        RelevanceNull.of(List.of(twoNames(0, 1), twoNames(0, 2), twoNames(0, 3)));
    assertThat(ratios.size()).isEqualTo(6);
    assertThat(ratios.pValue(new FactScores(4, List.of(0.0, 0.0)))).isEqualTo(1.0 / 7);
    assertThat(ratios.pValue(new FactScores(3, List.of(0.0, 0.0)))).isEqualTo(2.0 / 7);
    assertThat(ratios.pValue(new FactScores(0, List.of(0.0, 0.0)))).isEqualTo(4.0 / 7);
    assertThat(ratios.pValue(new FactScores(-4, List.of(0.0, 0.0)))).isEqualTo(1);
  }

  @Test
  void relevanceIsOneHalfAtTheFalseAcceptRate() {
    RelevanceNull ratios =
        RelevanceNull.of(List.of(twoNames(0, 1), twoNames(0, 2), twoNames(0, 3)));
    FactScores second = new FactScores(3, List.of(0.0, 0.0));
    assertThat(ratios.relevance(second, 2.0 / 7)).isEqualTo(RelevanceNull.ACCEPTED);
    assertThat(ratios.accepts(second, 2.0 / 7)).isTrue();
    assertThat(ratios.accepts(second, 0.28)).isFalse();
    assertThat(ratios.relevance(second, 0.28)).isLessThan(RelevanceNull.ACCEPTED);
    assertThat(ratios.relevance(second, 1.0 / 7)).isZero();
    assertThat(ratios.relevance(second, 1)).isEqualTo(1 - 1.0 / 7);
  }

  @Test
  void withoutNullRatiosNothingIsAccepted() {
    RelevanceNull none = RelevanceNull.of(List.of());
    FactScores certain = new FactScores(0, List.of(-100.0, -100.0));
    assertThat(none.pValue(certain)).isEqualTo(1);
    assertThat(none.accepts(certain, 0.5)).isFalse();
  }

  /**
   * Draws scores from the null and takes each in turn as the subject's against all others: exactly
   * floor(rate (N + 1)) of N + 1 are accepted, so the rate holds whatever the distribution.
   */
  @Property(tries = 200)
  void theFalseAcceptRateHoldsOnScoresDrawnFromTheNull(
      @ForAll @IntRange(min = 1, max = 40) int pairs,
      @ForAll @IntRange(min = 1, max = 100) int percent,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    SeededRandom draws = SeededRandom.of(seed, "null");
    double[] drawn =
        DoubleStream.generate(() -> Math.exp(3 * draws.normal())).limit(2L * pairs + 1).toArray();
    int accepted = 0;
    for (int subject = 0; subject < drawn.length; subject++) {
      RelevanceNull ratios = nullOf(drawn, subject);
      if (ratios.accepts(new FactScores(drawn[subject], List.of(0.0, 0.0)), percent / 100.0)) {
        accepted++;
      }
    }
    assertThat(accepted).isEqualTo(percent * drawn.length / 100);
  }

  /** Null ratios equal to all values but one. */
  private static RelevanceNull nullOf(double[] values, int without) {
    List<Double> rest = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (i != without) {
        rest.add(values[i]);
      }
    }
    return RelevanceNull.ofRatios(rest.stream().mapToDouble(value -> value).toArray());
  }
}
