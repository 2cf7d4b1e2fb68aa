package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;

/** A study of two methods on a TOFU of six invented questions, with a model of two layers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class BenchmarkTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROWS = "evaluation/benchmark/rows.parquet";

  @TempDir static Path folder;
  private static PipelineFixture fixture;
  private static Path tofu;
  private static Path study;

  @BeforeAll
  static void makeData() throws IOException {
    fixture = new PipelineFixture(folder);
    study = folder.resolve("study");
    tofu = Files.createDirectories(folder.resolve("tofu"));
    questions("forget01", "forget", 4, true);
    questions("retain99", "retain", 4, true);
    questions("forget01_perturbed", "forget", 4, true);
    questions("retain_perturbed", "retain", 4, true);
    questions("real_authors_perturbed", "author", 2, false);
    questions("world_facts_perturbed", "fact", 2, false);
  }

  private static void questions(String file, String what, int count, boolean paraphrased)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines
          .append("{\"question\":\"Which number has ")
          .append(what + i)
          .append("?\",\"answer\":\"It is 10")
          .append(i)
          .append("\",")
          .append(paraphrased ? "\"paraphrased_answer\":\"10" + i + " it is\"," : "")
          .append("\"perturbed_answer\":[\"It is 77\",\"It is 88\"]}\n");
    }
    Files.writeString(tofu.resolve(file + ".json"), lines);
  }

  @Test
  @Order(1)
  void aStudyTunesComparesAndEvaluatesBothModels() throws IOException {
    Ended ended = benchmark();

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    JsonNode document = JSON.readTree(study.resolve("study.json").toFile());
    JsonNode result = document.at("/benchmarks/0");
    // Two methods, each with two rates for the first seed and one rate for the second seed.
    assertThat(result.path("cells")).hasSize(6);
    assertThat(result.path("chosen")).hasSize(2);
    assertThat(result.at("/target/model-utility/mean").isNumber()).isTrue();
    assertThat(result.at("/cells/0/figures/forget-quality/low").isNumber()).isTrue();
    String table = Files.readString(study.resolve("study.md"));
    assertThat(table).contains("| target |", "| retrained |", "| npo |", "| mine |");
    assertThat(table).contains("### tofu: npo", "| forget.probability |");
    String page = Files.readString(study.resolve("study.html"));
    assertThat(page).contains("<svg class=\"scatter\"", "all figures");
    assertThat(page).doesNotContain("Which number has");
  }

  @Test
  @Order(2)
  void finishedCellsAreNotRunAgain() throws IOException {
    Path cell = study.resolve("tofu/cells/npo-0.00100-seed1/cell.json");
    Path other = study.resolve("tofu/cells/mine-0.00100-seed1");
    FileTime written = Files.getLastModifiedTime(cell);
    String table = Files.readString(study.resolve("study.md"));
    delete(other);

    Ended ended = benchmark();

    assertThat(ended.status()).isZero();
    assertThat(Files.getLastModifiedTime(cell)).isEqualTo(written);
    assertThat(other.resolve("cell.json")).exists();
    assertThat(Files.readString(study.resolve("study.md"))).isEqualTo(table);
  }

  @Test
  @Order(3)
  void twoWorkersGiveTheRowsOfOneAndReuseItsCells() throws IOException {
    Path found = study.resolve("tofu/cells/npo-0.00100-seed1/cell.json");
    Path cell = study.resolve("tofu/cells/npo-0.00100-seed2");
    FileTime written = Files.getLastModifiedTime(found);
    byte[] rows = Files.readAllBytes(cell.resolve(ROWS));
    String table = Files.readString(study.resolve("study.md"));
    delete(cell);

    Ended ended = benchmark("lethe.evaluate.workers=2");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(Files.getLastModifiedTime(found)).isEqualTo(written);
    assertThat(Files.readAllBytes(cell.resolve(ROWS))).isEqualTo(rows);
    assertThat(Files.readString(study.resolve("study.md"))).isEqualTo(table);
  }

  @Test
  @Order(4)
  void scoreRecomputesACellFromItsRows() {
    String cells = study.resolve("tofu/cells").toString();
    String rows = cells + "/npo-0.00100-seed1/" + ROWS;
    String reference = study.resolve("tofu/reference/" + ROWS).toString();

    Ended ended =
        fixture.execute(
            List.of("score", "--benchmark", "tofu", "--rows", rows, "--reference-rows", reference));

    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).contains("model-utility", "forget-quality", "forget.truth");
  }

  @Test
  @Order(5)
  void missingDataNamesItsSource() {
    Ended ended =
        benchmark("lethe.benchmark.tofu.holdout=holdout01.json", "--run-dir", folder + "/other");

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.err())
        .contains("Missing data of benchmark tofu: no ", "holdout01.json")
        .contains("get it from https://huggingface.co/datasets/locuslab/TOFU");
  }

  @Test
  void museIsMeasuredOnGrowingAndSequentialFolds() throws IOException {
    Path muse = museData();
    Path run = folder.resolve("muse-study");

    Ended ended =
        fixture.execute(
            flags(
                "muse",
                "lethe.benchmark.methods={ npo { lethe.unlearn { forget-loss = npo, direction ="
                    + " weighted-sum } } }",
                "lethe.benchmark.learning-rates=1e-3",
                "lethe.benchmark.seeds=1",
                "lethe.benchmark.gradient-norm=yes",
                "lethe.benchmark.muse.data=" + muse,
                "lethe.benchmark.muse.forget=" + muse + "/raw.jsonl",
                "lethe.benchmark.muse.retain=" + fixture.corpus("retain"),
                "lethe.benchmark.muse.scalability=[" + muse + "/fold1.jsonl]",
                "lethe.benchmark.muse.sustainability=["
                    + String.join(",", muse + "/fold1.jsonl", muse + "/fold2.jsonl")
                    + "]",
                "--run-dir",
                run.toString()));

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    JsonNode result = JSON.readTree(run.resolve("study.json").toFile()).at("/benchmarks/0");
    assertThat(result.at("/retrained/privleak/mean").asDouble()).isZero();
    JsonNode figures = result.at("/cells/0/figures");
    assertThat(figures.path("privleak").path("mean").isNumber()).isTrue();
    assertThat(figures.path("membership.gradient-norm-auc").path("mean").isNumber()).isTrue();
    assertThat(figures.path("membership.reference-loss-auc").path("mean").isNumber()).isTrue();
    assertThat(result.path("folds")).hasSize(3);
    assertThat(result.at("/folds/2/kind").asText()).isEqualTo("sustainability");
    assertThat(result.at("/folds/2/cell/figures/verbmem/mean").isNumber()).isTrue();
    // The second request starts from the model of the first.
    assertThat(result.at("/folds/2/cell/figures")).isNotEqualTo(result.at("/folds/1/cell/figures"));
    assertThat(result.at("/folds/1/cell/figures")).isEqualTo(result.at("/folds/0/cell/figures"));
    assertThat(Files.readString(run.resolve("study.md"))).contains("| npo | sustainability | 2 | ");
    assertThat(run.resolve("muse/cells/npo-0.00100-seed1-sustainability-2/candidate/model"))
        .doesNotExist();
  }

  /**
   * Writes MUSE's files, with more examples before a question than fit into the model's positions.
   */
  private static Path museData() throws IOException {
    Path muse = folder.resolve("muse");
    lines(muse, "verbmem/forget.json", 3, "{\"prompt\":\"Number %d goes\",\"gt\":\"up the hill\"}");
    for (String set : List.of("forget", "retain")) {
      String question = "{\"question\":\"Who is number %d of " + set + "?\",\"answer\":\"Ada\"}";
      lines(muse, "knowmem/" + set + "_qa.json", 3, question);
      lines(muse, "knowmem/" + set + "_qa_icl.json", 10, question);
    }
    for (String set : List.of("forget", "retain", "holdout")) {
      lines(muse, "privleak/" + set + ".json", 3, "{\"text\":\"Text %d of " + set + " is long.\"}");
    }
    // Same format as in the authors' repository.
    Files.writeString(
        muse.resolve("privleak/retain.json"), "[\"Text 0 of retain.\", \"Text 1 of retain.\"]");
    String row = "{\"input\":\"\",\"output\":\"Number %d goes up the hill in \"}";
    lines(muse, "raw.jsonl", 4, row);
    lines(muse, "fold1.jsonl", 2, row);
    lines(muse, "fold2.jsonl", 3, row.replace("hill in", "street"));
    return muse;
  }

  private static void lines(Path muse, String name, int count, String line) throws IOException {
    Path file = muse.resolve(name);
    Files.createDirectories(file.getParent());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(line.formatted(i)).append('\n');
    }
    Files.writeString(file, text);
  }

  @Test
  void anUnknownBenchmarkAndAStudyWithoutMethodsAreRejected() {
    assertThat(fixture.execute(flags("nothing")).err()).contains("Unknown benchmark: nothing");
    assertThat(fixture.execute(flags("tofu", "lethe.benchmark.methods={}")).err())
        .contains("No methods to compare");
  }

  @Test
  void anInvalidKeyOfAMethodIsReportedBeforeTheStudy() {
    Ended ended =
        fixture.execute(
            flags("tofu", "lethe.benchmark.methods={ wrong { lethe.unlearn.forget-lost = npo } }"));

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("lethe.unlearn.forget-lost", "did you mean");
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Ended benchmark(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "lethe.benchmark.methods={ npo { lethe.unlearn { forget-loss = npo, direction ="
                    + " weighted-sum } }, mine { lethe.unlearn.direction = blur } }"));
    settings.addAll(List.of(more));
    return fixture.execute(flags("tofu", settings.toArray(String[]::new)));
  }

  private static List<String> flags(String name, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "lethe.benchmark.tofu.data=" + tofu,
                "lethe.benchmark.tofu.forget=forget01",
                "lethe.benchmark.memorised=0",
                "lethe.benchmark.learning-rates=1e-3,1e-2",
                "lethe.benchmark.seeds=1,2",
                "lethe.finetune.rounds=2",
                "lethe.finetune.local-steps=2",
                "lethe.shard.overlap=allow",
                "lethe.evaluate.batch-size=2",
                "lethe.evaluate.limit=0"));
    settings.addAll(List.of(more));
    List<String> flags = new ArrayList<>(List.of("benchmark", name));
    boolean elsewhere = settings.contains("--run-dir");
    int at = settings.indexOf("--run-dir");
    List<String> own = elsewhere ? settings.subList(0, at) : settings;
    flags.addAll(fixture.flags("study", own.toArray(String[]::new)));
    if (elsewhere) {
      flags.set(flags.indexOf("--run-dir") + 1, settings.get(at + 1));
    }
    return flags;
  }
}
