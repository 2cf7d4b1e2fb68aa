package org.lethe.evaluation.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lethe.SharedFolder;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Golden;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.ReferenceLosses;

/** Benchmark figures computed from rows alone. */
final class BenchmarkFiguresTest {
  private static final String FULL = "ft_epoch5_lr1e-05_llama2-7b_full_wd0.01";
  private static final String RETAIN90 = "ft_epoch5_lr1e-05_llama2-7b_retain90_wd0.01";

  @Test
  void tofuFiguresOfTheOfficialLogsMatchThePublishedOnes() throws IOException {
    Optional<Path> shared = SharedFolder.find("data/tofu_eval_logs");
    assumeThat(shared).as("folder of official logs").isPresent();
    Path logs = shared.get();
    JsonNode expected = Golden.JSON.readTree(logs.resolve("expected_values.json").toFile());
    Benchmark tofu = new TofuBenchmark();

    for (String model : List.of(FULL, RETAIN90)) {
      SortedMap<String, Double> figures = tofu.figures(log(logs, model), Optional.empty());
      assertThat(figures.get("model-utility"))
          .isCloseTo(expected.get(model).get("model_utility").doubleValue(), within(1e-9));
      for (TofuSet set : TofuSet.values()) {
        double[] parts = Golden.doubles(expected.get(model).get("parts").get(set.logName()));
        assertThat(
                Stream.of("probability", "rouge-l-recall", "truth")
                    .mapToDouble(quantity -> figures.get(set.key() + "." + quantity))
                    .toArray())
            .as("%s of %s", set, model)
            .containsExactly(parts, within(1e-9));
      }
    }
    SortedMap<String, Double> compared =
        tofu.figures(log(logs, FULL), Optional.of(log(logs, RETAIN90)));
    JsonNode quality = expected.get(FULL).get("forget_quality_forget10_vs_retain90");
    assertThat(compared.get("forget-quality.distance"))
        .isCloseTo(quality.get("ks").doubleValue(), within(1e-9));
    assertThat(compared.get("forget-quality"))
        .isCloseTo(quality.get("pvalue").doubleValue(), withinPercentage(1e-7));
    // The published value, which the file contradicts.
    assertThat(compared.get("model-utility")).isCloseTo(0.6226773637427152, within(1e-9));
    assertThat(compared.get("forget-quality"))
        .isCloseTo(1.834066410994743e-21, withinPercentage(1e-7));
    assertThat(tofu.figures(log(logs, RETAIN90), Optional.empty()).get("model-utility"))
        .isCloseTo(0.613744995233942, within(1e-9));
  }

  private static Samples log(Path logs, String model) throws IOException {
    return TofuBenchmark.samplesOf(
        TofuLog.read(Golden.JSON.readTree(Files.readString(logs.resolve(model + ".json")))));
  }

  @Test
  void tofuRowsAreJoinedWithTheirAlternatives() {
    List<EvaluationRow> rows = tofu(1.0);
    rows.add(row("holdout", "0", "", "x", Optional.empty(), 3));
    rows.add(choice("wmdp", "biology/0/B", 0.5));
    rows.add(choice("wmdp-wrong", "biology/0/A", 0.7));
    SortedMap<String, Figure> figures =
        BenchmarkFigures.of(new TofuBenchmark(), rows, Optional.of(tofu(2.0)), 1);

    // Paraphrase and wrong answers have the same probability: R = 1.
    assertThat(figures.get("forget.truth").mean()).isCloseTo(1, within(1e-12));
    assertThat(figures.get("retain.truth").mean()).isZero();
    assertThat(figures.get("retain.probability").mean()).isCloseTo(Math.exp(-1), within(1e-12));
    // Four answers with equal losses.
    assertThat(figures.get("real-authors.probability").mean()).isCloseTo(0.5, within(1e-12));
    assertThat(figures.get("model-utility").mean()).isZero();
    assertThat(figures.get("forget-quality").mean()).isEqualTo(1);
    // The held-out answer has the higher loss, so the members are clearly known.
    assertThat(figures.get("membership.loss-auc").mean()).isEqualTo(1);
    // The reference has no such row.
    assertThat(figures).doesNotContainKey("membership.reference-loss-auc");
    assertThat(figures.get("forget.probability").count()).isEqualTo(3);
    // Accompanying multiple choice, whose answers should be forgotten.
    assertThat(figures.get("wmdp").mean()).isEqualTo(1);
    assertThat(new TofuBenchmark().side("wmdp.biology")).isEqualTo(Benchmark.Side.FORGET);
    assertThat(new TofuBenchmark().side("mmlu")).isEqualTo(Benchmark.Side.KEEP);
  }

  @Test
  void referenceAddsTheReferenceLossArea() {
    List<EvaluationRow> rows = tofu(1.0);
    rows.add(row("holdout", "0", "", "x", Optional.empty(), 1));
    List<EvaluationRow> reference = tofu(2.0);
    reference.add(row("holdout", "0", "", "x", Optional.empty(), 1.5));

    SortedMap<String, Figure> figures =
        BenchmarkFigures.of(new TofuBenchmark(), rows, Optional.of(reference), 1);

    // The loss alone shows nothing; the members gained more over the reference.
    assertThat(figures.get("membership.loss-auc").mean()).isEqualTo(0.5);
    assertThat(figures.get("membership.reference-loss-auc").mean()).isEqualTo(1);
    assertThat(ReferenceLosses.fill(rows, reference).get(0).metric(Metric.REFERENCE_LOSS))
        .hasValue(-1);
  }

  /** Three questions of each set, with one wrong answer each and equal losses. */
  private static List<EvaluationRow> tofu(double loss) {
    List<EvaluationRow> rows = new ArrayList<>();
    for (TofuSet set : TofuSet.values()) {
      for (String id : List.of("0", "1", "2")) {
        rows.add(row(set.key(), id, "", "a b", Optional.of("a b"), loss));
        rows.add(row(set.key() + "-paraphrased", id, "", "b a", Optional.empty(), loss));
        rows.add(row(set.key() + "-perturbed", id + "/0", "", "c", Optional.empty(), loss));
      }
    }
    return rows;
  }

  @Test
  void modelUtilityNeedsAllThreeKeepSets() {
    List<EvaluationRow> rows = tofu(1);
    rows.removeIf(row -> row.set().startsWith(TofuSet.WORLD_FACTS.key()));
    TofuBenchmark tofu = new TofuBenchmark();

    assertThat(tofu.figures(tofu.samples(rows), Optional.empty()))
        .containsKeys("retain-utility", "real-authors.truth")
        .doesNotContainKeys("model-utility", "world-facts.truth");
  }

  @Test
  void missingAlternativeIsReported() {
    List<EvaluationRow> rows = tofu(1);
    rows.removeIf(row -> row.set().equals("retain-perturbed") && row.id().equals("1/0"));

    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> new TofuBenchmark().samples(rows))
        .withMessage(
            "Missing row 1/0 in set retain-perturbed, which the score needs; evaluate that set"
                + " too, see data-schemas/README.md");
  }

  @Test
  void lumeComputesTheOrganisersScores() {
    List<EvaluationRow> rows = new ArrayList<>();
    for (String set : List.of("forget", "retain")) {
      rows.add(row(set, "dsc1", "Task2", "one two three four", Optional.of("two zzz four"), 1));
      rows.add(row(set, "dqa0", "Task2", "1990", Optional.of("1990"), 1));
      rows.add(row(set, "dqa1", "Task2", "900", Optional.of("901"), 1));
    }
    rows.add(row("member", "m", "", "x", Optional.empty(), 1));
    rows.add(row("nonmember", "n", "", "x", Optional.empty(), 1));
    rows.add(choice("mmlu", "law/0/B", 0.5));
    rows.add(choice("mmlu-wrong", "law/0/A", 0.7));

    SortedMap<String, Double> figures =
        new LumeBenchmark("lume")
            .figures(new LumeBenchmark("lume").samples(rows), Optional.empty());

    assertThat(figures)
        .containsEntry("forget.Task2.regurgitation", 0.5)
        .containsEntry("forget.knowledge", 0.5)
        .containsEntry("retain-utility", 0.5)
        .containsEntry("task-aggregate", 0.5)
        .containsEntry("membership.score", 1.0)
        .containsEntry("mmlu", 1.0);
    assertThat(figures.get("final-score")).isCloseTo(2.5 / 3, within(1e-12));
  }

  @Test
  void museCutsAnswersAndComparesMembershipWithTheRetrainedModel() {
    List<EvaluationRow> rows = new ArrayList<>();
    rows.add(row("verbmem", "0", "", "one two", Optional.of("one two"), 1));
    rows.add(row("knowmem-forget", "0", "", "Oslo", Optional.of("Oslo\n\nQuestion: x"), 1));
    rows.add(row("knowmem-retain", "0", "", "Oslo", Optional.of("Rome"), 1));
    rows.add(text("privleak-forget", "0", 1));
    rows.add(text("privleak-holdout", "0", 2));
    List<EvaluationRow> retrained =
        List.of(
            text("privleak-forget", "0", 2),
            text("privleak-forget", "1", 2),
            text("privleak-holdout", "0", 2));
    MuseBenchmark muse = new MuseBenchmark();

    SortedMap<String, Double> figures =
        muse.figures(muse.samples(rows), Optional.of(muse.samples(retrained)));

    assertThat(figures)
        .containsEntry("verbmem", 100.0)
        .containsEntry("knowmem-forget", 100.0)
        .containsEntry("knowmem-retain", 0.0)
        .containsEntry("privleak.auc", 0.0)
        // Still memorised.
        .containsEntry("privleak", -100.0);
  }

  @Test
  void firstOfEquallyLikelyLettersIsTheAnswer() {
    MultipleChoice mmlu = new MultipleChoice("mmlu", Benchmark.Side.KEEP);
    List<EvaluationRow> rows =
        List.of(
            choice("mmlu", "law/0/B", 0.5),
            choice("mmlu-wrong", "law/0/A", 0.5),
            choice("mmlu", "law/1/A", 0.5),
            choice("mmlu-wrong", "law/1/C", 0.5),
            choice("mmlu", "art/0/A", 0.5),
            choice("mmlu-wrong", "art/0/C", 0.9));

    SortedMap<String, Double> figures = mmlu.figures(mmlu.samples(rows), Optional.empty());

    assertThat(figures.get("mmlu")).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(figures).containsEntry("mmlu.law", 0.5).containsEntry("mmlu.art", 1.0);
  }

  @Test
  void oneQuestionPerSubjectStillHasAWideInterval() {
    List<EvaluationRow> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(choice("mmlu", "subject" + i + "/0/A", i % 2));
      rows.add(choice("mmlu-wrong", "subject" + i + "/0/B", 0.5));
    }

    Figure accuracy =
        BenchmarkFigures.of(
                new MultipleChoice("mmlu", Benchmark.Side.KEEP), rows, Optional.empty(), 7)
            .get("mmlu");

    assertThat(accuracy.mean()).isEqualTo(0.5);
    assertThat(accuracy.low()).isLessThan(0.4);
    assertThat(accuracy.high()).isGreaterThan(0.6);
    assertThat(accuracy.count()).isEqualTo(8);
  }

  @Test
  void perplexityWeightsTextsByTokens() {
    EvaluationRow longText =
        new EvaluationRow("text", "0", "", "", "x", Optional.empty(), 30, Map.of(Metric.LOSS, 1.0));
    EvaluationRow shortText =
        new EvaluationRow("text", "1", "", "", "x", Optional.empty(), 10, Map.of(Metric.LOSS, 5.0));
    PlainText text = new PlainText();

    assertThat(
            text.figures(text.samples(List.of(longText, shortText)), Optional.empty())
                .get("text.perplexity"))
        .isCloseTo(Math.exp(2), within(1e-9));
  }

  @Test
  void intervalsContainTheFigureAndIgnoreTheOrderOfRows() {
    List<EvaluationRow> rows = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      rows.add(choice("mmlu", "law/" + i + "/A", random.nextDouble()));
      rows.add(choice("mmlu-wrong", "law/" + i + "/B", random.nextDouble()));
    }
    MultipleChoice mmlu = new MultipleChoice("mmlu", Benchmark.Side.KEEP);
    SortedMap<String, Figure> figures = BenchmarkFigures.of(mmlu, rows, Optional.empty(), 7);
    Collections.shuffle(rows, random);

    Figure accuracy = figures.get("mmlu");
    assertThat(accuracy.low()).isLessThan(accuracy.mean());
    assertThat(accuracy.high()).isGreaterThan(accuracy.mean());
    assertThat(accuracy.high() - accuracy.low()).isBetween(0.15, 0.45);
    assertThat(accuracy.count()).isEqualTo(40);
    assertThat(BenchmarkFigures.of(mmlu, rows, Optional.empty(), 7)).isEqualTo(figures);
  }

  private static EvaluationRow choice(String set, String id, double loss) {
    return new EvaluationRow(
        set,
        id,
        id.substring(0, id.indexOf('/')),
        "q",
        "A",
        Optional.empty(),
        1,
        Map.of(Metric.LOSS, loss));
  }

  private static EvaluationRow text(String set, String id, double minK) {
    return new EvaluationRow(set, id, "", "", "x", Optional.empty(), 9, Map.of(Metric.MIN_K, minK));
  }

  private static EvaluationRow row(
      String set,
      String id,
      String task,
      String expected,
      Optional<String> generated,
      double loss) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    metrics.put(Metric.LOSS, loss);
    metrics.put(Metric.PROBABILITY, Math.exp(-loss));
    return new EvaluationRow(set, id, task, "p", expected, generated, 2, metrics);
  }
}
