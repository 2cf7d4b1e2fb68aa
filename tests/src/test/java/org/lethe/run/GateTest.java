package org.lethe.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.NotMeasured;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.Gate.Outcome;

final class GateTest {
  private static final EvaluationFigures BEFORE =
      figures(Map.of("forget.r", 0.9, "retain.r", 0.8, "retain.none", 0.0));
  private static final EvaluationFigures AFTER =
      figures(Map.of("forget.r", 0.3, "retain.r", 0.6, "retain.none", 0.0));

  private static EvaluationFigures figures(Map<String, Double> values) {
    SortedMap<String, Figure> figures = new TreeMap<>();
    values.forEach((name, value) -> figures.put(name, new Figure(value, value, value, 1)));
    return EvaluationFigures.of(figures);
  }

  private static EvaluationFigures undefined(String name) {
    return new EvaluationFigures(
        new TreeMap<>(), new TreeMap<>(Map.of(name, new NotMeasured(Reason.CUT_SHORT, 2, 7))));
  }

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

  /** Mean 0.2, from 0.1 to 0.3. */
  private static final EvaluationFigures UNSEEN =
      EvaluationFigures.of(
          new TreeMap<>(
              Map.of(
                  "unseen-forget.probability", new Figure(0.2, 0.1, 0.3, 20),
                  "forget.probability", new Figure(0.9, 0.9, 0.9, 20))));

  private static Outcome likeUnseen(double after, double margin) {
    return new Gate("forget.probability", new Gate.LikeUnseen(margin))
        .decide(UNSEEN, figures(Map.of("forget.probability", after)));
  }

  @Test
  void aGateOnUnseenRowsHasTwoSides() {
    assertThat(likeUnseen(0.1, 0).passed()).isTrue();
    assertThat(likeUnseen(0.3, 0).passed()).isTrue();
    assertThat(likeUnseen(0.31, 0).words())
        .isEqualTo(
            "forget.probability is 0.3100, expected like unseen rows (0.1000 to 0.3000), not"
                + " forgotten (before: 0.9000)");
    assertThat(likeUnseen(0.05, 0).words())
        .isEqualTo(
            "forget.probability is 0.05000, expected like unseen rows (0.1000 to 0.3000),"
                + " over-forgotten (before: 0.9000)");
    assertThat(likeUnseen(0.05, 0.05).passed()).isTrue();
    assertThat(likeUnseen(0.36, 0.05).passed()).isFalse();
  }

  @Test
  void aGateOnUnseenRowsRefusesWithoutThem() {
    Outcome outcome =
        new Gate("forget.r", new Gate.LikeUnseen(0))
            .decide(BEFORE, figures(Map.of("forget.r", 0.1)));

    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.words())
        .isEqualTo(
            "forget.r cannot be compared: unseen-forget.r was not measured (the evaluation has no"
                + " such figure); expected like unseen rows");
  }

  @Test
  void aForgetSetNoBetterKnownThanUnseenRowsIsNoBaseline() {
    assertThat(Baseline.of(UNSEEN)).hasValueSatisfying(b -> assertThat(b.isKnown()).isTrue());
    assertThat(Baseline.of(BEFORE)).isEmpty();
    Baseline unknown = new Baseline(new Figure(0.3, 0.2, 0.4, 20), new Figure(0.2, 0.1, 0.3, 20));
    assertThat(unknown.isKnown()).isFalse();
    assertThat(unknown.failure("/run/model.refused").exitClass()).isEqualTo(ExitClass.NO_BASELINE);
    assertThat(unknown.failure("/run/model.refused"))
        .hasMessage(
            "Not released: before unlearning the model knew the forget set no better than rows that"
                + " it never saw (forget.probability 0.3000, unseen-forget.probability 0.2000 with"
                + " upper bound 0.3000), so nothing can be shown to be forgotten; check that"
                + " lethe.model.path is the model that was trained on the forget set. The result is"
                + " kept in /run/model.refused");
  }

  @Test
  void figureWithoutValueFailsEveryGate() {
    for (Gate.Bound bound :
        List.of(
            new Gate.AtMost(1),
            new Gate.AtLeast(0),
            new Gate.AtMostShareOfBefore(1),
            new Gate.AtLeastShareOfBefore(0))) {
      assertThat(decide("forget.other", bound)).isFalse();
      Gate gate = new Gate("forget.r", bound);
      assertThat(gate.decide(BEFORE, undefined("forget.r")))
          .isEqualTo(
              new Outcome(
                  "forget.r",
                  bound.words(),
                  bound.kind(),
                  bound.number(),
                  0.9,
                  null,
                  false,
                  "was not measured after unlearning (2 of 7 rows: generation ended before the"
                      + " whole expected answer could appear; raise lethe.evaluate.max-new-tokens,"
                      + " or shorten prompts that fill the model's context)"));
    }
    assertThat(
            new Gate("forget.r", new Gate.AtLeastShareOfBefore(0))
                .decide(undefined("forget.r"), AFTER))
        .satisfies(outcome -> assertThat(outcome.passed()).isFalse())
        .satisfies(
            outcome ->
                assertThat(outcome.words())
                    .startsWith("forget.r was not measured before unlearning (2 of 7 rows: "));
    assertThat(new Gate.AtMost(1).holds(0, Double.NaN)).isFalse();
  }

  @Test
  void thereIsNoShareOfNothing() {
    for (Gate.Bound bound :
        List.of(new Gate.AtLeastShareOfBefore(0.75), new Gate.AtMostShareOfBefore(0.5))) {
      Outcome outcome = new Gate("retain.none", bound).decide(BEFORE, AFTER);
      assertThat(outcome.passed()).isFalse();
      assertThat(outcome.words())
          .isEqualTo(
              "retain.none was 0.000 before unlearning, of which there is no share; expected "
                  + bound.words());
    }
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
            "forget.other was not measured after unlearning (the evaluation has no such figure);"
                + " expected at least 0.5");
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
    EvaluationFigures before = figures(Map.of("retain.blank", 0.1));
    assertThat(soundness.collapse(before, figures(Map.of("retain.blank", 0.6)))).isEmpty();
    assertThat(soundness.collapse(before, figures(Map.of("retain.blank", 0.7))))
        .hasValueSatisfying(
            e -> {
              assertThat(e.exitClass()).isEqualTo(ExitClass.DIVERGED);
              assertThat(e)
                  .hasMessageStartingWith(
                      "The model collapsed: retain.blank is 0.7000, expected at most 0.6000");
            });
  }

  @Test
  void recordSaysThatCollapseWasNotChecked() {
    assertThat(new Soundness(0.5).collapse(BEFORE, AFTER)).isEmpty();
    assertThat(Soundness.limit(AFTER))
        .hasValue(
            "No texts were generated for the retain set, so nothing shows whether the model"
                + " collapsed.");
    assertThat(Soundness.limit(figures(Map.of("retain.blank", 0.0, "retain.repetition", 0.0))))
        .isEmpty();
  }

  @Test
  void refusedModelReplacesAReleasedOne(@TempDir Path folder) throws Exception {
    RunDirectory directory = RunDirectory.at(folder.toString(), new Configuration());
    Files.createDirectories(folder.resolve("candidate/inner"));
    Files.writeString(folder.resolve("candidate/config.json"), "{}");
    Files.writeString(folder.resolve("candidate/inner/x"), "x");
    Files.writeString(folder.resolve("candidate/manifest.json"), "{}");
    Release release = new Release(directory);
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
