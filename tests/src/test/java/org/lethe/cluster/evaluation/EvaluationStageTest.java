package org.lethe.cluster.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.corpus.EvaluationRows;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.AnswerModel;
import org.lethe.evaluation.EvaluationExample;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.LetterModel;
import org.lethe.evaluation.ProgressListener;

final class EvaluationStageTest {
  private static final Configuration HADOOP = new Configuration();
  private static final EvaluationSettings SETTINGS =
      new EvaluationSettings(4, Generation.GREEDY, 100, 5, EvaluationSettings.ALL_ROWS, 7);

  @TempDir Path folder;

  private record LetterSource() implements EvaluationModelSource {
    @Override
    public <T> T use(Configuration hadoop, Function<AnswerModel, T> work) {
      return work.apply(new LetterModel());
    }
  }

  @Test
  void anyNumberOfWorkersAndShardsGivesTheSameBytes() throws IOException {
    EvaluationSummary one = evaluate("one", 1, shards(examples("forget"), 1, "a"));
    EvaluationSummary two = evaluate("two", 2, shards(examples("forget"), 2, "b"));
    EvaluationSummary many = evaluate("many", 9, shards(examples("forget"), 3, "c"));

    assertThat(two).isEqualTo(one).isEqualTo(many);
    assertThat(one.figure("forget.loss").count()).isEqualTo(23);
    for (String file : List.of(EvaluationStage.ROWS, EvaluationStage.SUMMARY)) {
      assertThat(folder.resolve("two/" + file))
          .hasSameBinaryContentAs(folder.resolve("one/" + file));
      assertThat(folder.resolve("many/" + file))
          .hasSameBinaryContentAs(folder.resolve("one/" + file));
    }
    assertThat(filesOf("two")).containsExactlyInAnyOrder("rows.parquet", "summary.json");
  }

  @Test
  void rowsComeBackAsTheyWereWritten() {
    evaluate("out", 2, shards(examples("forget"), 2, "a"));

    List<EvaluationRow> rows =
        EvaluationRows.read(hadoopPath(folder.resolve("out/rows.parquet")), HADOOP);

    assertThat(rows).hasSize(23).isSortedAccordingTo(EvaluationRow.ORDER);
    assertThat(rows.get(0).prompt()).isNotEmpty();
    assertThat(rows.get(0).generated()).isPresent();
    assertThat(EvaluationSummary.of(rows, 7).toJson().toString())
        .isEqualTo(evaluate("again", 1, shards(examples("forget"), 1, "a2")).toJson().toString());
  }

  @Test
  void theSummaryHoldsNoText() throws IOException {
    evaluate("out", 1, shards(examples("forget"), 1, "a"));

    assertThat(Files.readString(folder.resolve("out/summary.json")))
        .doesNotContain("abcdef")
        .doesNotContain("row-");
  }

  @Test
  void progressEndsWithAllRows() {
    List<String> reports = Collections.synchronizedList(new ArrayList<>());
    EvaluationStage.run(
        SparkFixture.context(),
        request("out", 2, shards(examples("forget"), 1, "a")),
        (stage, done, total) -> reports.add(stage + " " + done + "/" + total));

    assertThat(reports).first().isEqualTo("evaluate 0/23");
    assertThat(reports).last().isEqualTo("evaluate 23/23");
  }

  @Test
  void aDivergedModelEndsTheStageAndLeavesNoTextBehind() {
    List<EvaluationExample> examples = new ArrayList<>(examples("forget"));
    examples.add(LetterModel.example("forget", "bad", "", "p", "q?"));
    var shards = shards(examples, 1, "a");

    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> evaluate("out", 2, shards))
        .withMessageStartingWith("Evaluation of row bad returned loss NaN")
        .satisfies(e -> assertThat(e.exitClass()).isEqualTo(ExitClass.DIVERGED));
    assertThat(folder.resolve("out/parts")).doesNotExist();
    assertThat(folder.resolve("out/summary.json")).doesNotExist();
  }

  @Test
  void nothingToEvaluateIsAnErrorOfTheInput() {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> evaluate("out", 1, Map.of("forget", List.of())))
        .withMessage(
            "No rows to evaluate in [], expected at least one; shard a corpus first or name another"
                + " place")
        .satisfies(e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT));
  }

  private EvaluationSummary evaluate(String name, int workers, Map<String, List<String>> shards) {
    return EvaluationStage.run(
        SparkFixture.context(), request(name, workers, shards), ProgressListener.SILENT);
  }

  private EvaluationRequest request(String name, int workers, Map<String, List<String>> shards) {
    return new EvaluationRequest(
        shards, new LetterSource(), SETTINGS, folder.resolve(name).toUri().toString(), workers);
  }

  private List<String> filesOf(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> !file.endsWith(".crc"))
          .toList();
    }
  }

  private static List<EvaluationExample> examples(String set) {
    return IntStream.range(0, 23)
        .mapToObj(
            i ->
                LetterModel.example(
                    set,
                    "row-" + i,
                    "Task" + i % 3,
                    "abcdefghij".repeat(3).substring(0, 1 + i * 7 % 23),
                    "klmnopqrst".substring(0, 1 + i * 3 % 10)))
        .toList();
  }

  private Map<String, List<String>> shards(
      List<EvaluationExample> examples, int files, String name) {
    return Map.of("forget", EvaluationShards.write(examples, files, folder, name));
  }

  private static org.apache.hadoop.fs.Path hadoopPath(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
