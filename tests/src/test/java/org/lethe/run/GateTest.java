package org.lethe.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.run.ErasureRecord.Decision;

final class GateTest {
  private static final Map<String, Double> BEFORE = Map.of("forget.r", 0.9, "retain.r", 0.8);
  private static final Map<String, Double> AFTER = Map.of("forget.r", 0.3, "retain.r", 0.6);

  @Test
  void boundsHoldAtTheirLimit() {
    assertThat(decide("forget.r", new Gate.AtMost(0.3))).isTrue();
    assertThat(decide("forget.r", new Gate.AtMost(0.29))).isFalse();
    assertThat(decide("retain.r", new Gate.AtLeast(0.6))).isTrue();
    assertThat(decide("retain.r", new Gate.AtLeast(0.61))).isFalse();
    assertThat(decide("retain.r", new Gate.AtLeastShareOfBefore(0.7))).isTrue();
    assertThat(decide("retain.r", new Gate.AtLeastShareOfBefore(0.76))).isFalse();
    assertThat(decide("forget.r", new Gate.AtMostShareOfBefore(0.5))).isTrue();
    assertThat(decide("forget.r", new Gate.AtMostShareOfBefore(0.3))).isFalse();
  }

  @Test
  void missingOrNaNFigureFailsTheGate() {
    assertThat(decide("forget.other", new Gate.AtMost(1))).isFalse();
    assertThat(new Gate("x", new Gate.AtMost(1)).decide(Map.of(), Map.of("x", Double.NaN)).passed())
        .isFalse();
    assertThat(
            new Gate("x", new Gate.AtLeastShareOfBefore(0))
                .decide(Map.of(), Map.of("x", 1.0))
                .passed())
        .isFalse();
  }

  @Test
  void refusalNamesTheFigureAndTheBound() {
    GateReport report =
        GateReport.of(
            List.of(
                new Gate("forget.r", new Gate.AtMost(0.2)),
                new Gate("retain.r", new Gate.AtLeast(0.5)),
                new Gate("forget.other", new Gate.AtLeast(0.5))),
            BEFORE,
            AFTER);
    assertThat(report.passed()).isFalse();
    assertThat(report.refusals())
        .containsExactly(
            "forget.r is 0.3000, expected at most 0.2 (before: 0.9000)",
            "forget.other was not measured, expected at least 0.5");
  }

  @Test
  void trainingWithoutEffectIsAFailure() {
    Soundness.requireEffect("a", "b", OptionalDouble.of(1e-6));
    assertThatThrownBy(() -> Soundness.requireEffect("a", "a", OptionalDouble.empty()))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.NO_EFFECT))
        .hasMessageStartingWith("Training changed nothing: the weights have the same digest");
    assertThatThrownBy(() -> Soundness.requireEffect("a", "b", OptionalDouble.of(1e-12)))
        .hasMessageContaining("changed by 1.0E-12 of their norm");
  }

  @Test
  void degenerateAnswersToTheRetainSetAreACollapse() {
    Soundness soundness = new Soundness(0.5);
    assertThat(soundness.collapse(Map.of("retain.blank", 0.1), Map.of("retain.blank", 0.6)))
        .isEmpty();
    assertThat(soundness.collapse(Map.of("retain.blank", 0.1), Map.of("retain.blank", 0.7)))
        .hasValueSatisfying(
            e -> {
              assertThat(e.exitClass()).isEqualTo(ExitClass.DIVERGED);
              assertThat(e)
                  .hasMessageStartingWith(
                      "The model collapsed: retain.blank is 0.7000, expected at most 0.6000");
            });
    assertThat(soundness.collapse(Map.of(), Map.of("retain.loss", Double.NaN)))
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("retain.loss is NaN"));
  }

  @Test
  void refusedModelReplacesAReleasedOne(@TempDir Path folder) throws Exception {
    RunDirectory directory = RunDirectory.at(folder.toString(), new Configuration());
    Files.createDirectories(folder.resolve("candidate/inner"));
    Files.writeString(folder.resolve("candidate/config.json"), "{}");
    Files.writeString(folder.resolve("candidate/inner/x"), "x");
    Files.writeString(folder.resolve("candidate/manifest.json"), "{}");
    Release release = new Release(directory, new Configuration());
    release.place(directory.candidate(), directory.model(), Decision.RELEASED);
    assertThat(folder.resolve("model/config.json")).hasContent("{}");
    assertThat(folder.resolve("model/inner/x")).hasContent("x");
    assertThat(folder.resolve("model/manifest.json")).doesNotExist();
    release.place(directory.candidate(), directory.model(), Decision.REFUSED);
    assertThat(folder.resolve("model")).doesNotExist();
    assertThat(folder.resolve("model.refused/config.json")).hasContent("{}");
    assertThat(folder.resolve("candidate/config.json")).exists();
  }

  private static boolean decide(String figure, Gate.Bound bound) {
    return new Gate(figure, bound).decide(BEFORE, AFTER).passed();
  }
}
