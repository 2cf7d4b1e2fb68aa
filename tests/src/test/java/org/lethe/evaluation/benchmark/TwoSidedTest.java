package org.lethe.evaluation.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.benchmark.Benchmark.Headline;
import org.lethe.evaluation.benchmark.Benchmark.Side;
import org.lethe.evaluation.benchmark.TwoSided.Verdict;

final class TwoSidedTest {
  private static final Figure TARGET = figure(0.95);
  private static final Figure RETRAINED = figure(0.30);

  @Test
  void verdictsOnForgetFigures() {
    assertThat(forget(0.97)).isEqualTo(Verdict.NOT_FORGOTTEN);
    assertThat(forget(0.93)).isEqualTo(Verdict.NOT_FORGOTTEN);
    assertThat(forget(0.60)).isEqualTo(Verdict.PARTLY_FORGOTTEN);
    assertThat(forget(0.33)).isEqualTo(Verdict.AS_RETRAINED);
    assertThat(forget(0.05)).isEqualTo(Verdict.OVER_FORGOTTEN);
  }

  @Test
  void nothingToForgetIfTargetAndRetrainedModelAgree() {
    assertThat(TwoSided.of(Side.FORGET, TARGET, figure(0.96), figure(0.94)).verdict())
        .isEqualTo(Verdict.NOTHING_TO_FORGET);
    assertThat(TwoSided.of(Side.FORGET, TARGET, figure(0.2), figure(0.94)).verdict())
        .isEqualTo(Verdict.CHANGED);
  }

  @Test
  void verdictsOnKeepFigures() {
    assertThat(TwoSided.of(Side.KEEP, TARGET, figure(0.93), RETRAINED).verdict())
        .isEqualTo(Verdict.KEPT);
    assertThat(TwoSided.of(Side.KEEP, TARGET, figure(0.5), RETRAINED).verdict())
        .isEqualTo(Verdict.LOST);
    assertThat(TwoSided.of(Side.KEEP, RETRAINED, figure(0.5), TARGET).verdict())
        .isEqualTo(Verdict.GAINED);
    assertThat(TwoSided.of(Side.NEITHER, TARGET, figure(0.5), RETRAINED).verdict())
        .isEqualTo(Verdict.NONE);
  }

  @Test
  void destroyingTooMuchCountsLikeForgettingTooLittle() {
    assertThat(TwoSided.closeness(0.9, 0.3, 0.3)).isEqualTo(1);
    assertThat(TwoSided.closeness(0.9, 0.6, 0.3)).isCloseTo(0.5, within(1e-12));
    assertThat(TwoSided.closeness(0.9, 0.0, 0.3)).isCloseTo(0.5, within(1e-12));
    assertThat(TwoSided.closeness(0.9, 0.9, 0.3)).isZero();
    assertThat(TwoSided.closeness(0.9, 0.2, 0.9)).isZero();
  }

  @Test
  void positionCombinesForgettingAndUtility() {
    Headline headline = new Headline(List.of("forget.a", "forget.b"), List.of("nothing", "kept"));
    RelativePosition position =
        RelativePosition.of(
            headline,
            figures(Map.of("forget.a", 0.9, "forget.b", 0.8, "nothing", 0.0, "kept", 0.8)),
            figures(Map.of("forget.a", 0.3, "forget.b", 0.8, "kept", 0.4)),
            figures(Map.of("forget.a", 0.3, "forget.b", 0.2, "kept", 0.8)));

    assertThat(position.forgetting()).isCloseTo(0.5, within(1e-12));
    assertThat(position.utility()).isCloseTo(0.5, within(1e-12));
    assertThat(position.score()).isCloseTo(0.5, within(1e-12));
    assertThat(new RelativePosition(0.6, 0.5).dominates(position)).isTrue();
    assertThat(new RelativePosition(0.6, 0.4).dominates(position)).isFalse();
    assertThat(position.dominates(position)).isFalse();
    assertThat(new RelativePosition(1, 1.4).score()).isEqualTo(1);
  }

  @Test
  void figureWithNothingToForgetHasNoPosition() {
    Headline headline = new Headline(List.of("forget.a", "forget.b"), List.of("kept"));
    for (double unlearned : new double[] {0.0, 0.5, 1.0}) {
      RelativePosition position =
          RelativePosition.of(
              headline,
              figures(Map.of("forget.a", 0.9, "forget.b", 0.5, "kept", 0.8)),
              figures(Map.of("forget.a", 0.6, "forget.b", unlearned, "kept", 0.8)),
              figures(Map.of("forget.a", 0.3, "forget.b", 0.5, "kept", 0.8)));
      assertThat(position.forgetting()).isCloseTo(0.5, within(1e-12));
    }
  }

  private static Verdict forget(double unlearned) {
    return TwoSided.of(Side.FORGET, TARGET, figure(unlearned), RETRAINED).verdict();
  }

  private static Figure figure(double mean) {
    return new Figure(mean, mean - 0.05, mean + 0.05, 20);
  }

  private static SortedMap<String, Figure> figures(Map<String, Double> means) {
    SortedMap<String, Figure> figures = new TreeMap<>();
    means.forEach((name, mean) -> figures.put(name, figure(mean)));
    return figures;
  }
}
