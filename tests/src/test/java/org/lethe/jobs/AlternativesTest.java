package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.ShardRow;
import org.lethe.jobs.PipelineFixture.Ended;

/** Whole runs of methods that need more than two corpora or train only chosen weights. */
final class AlternativesTest {
  private static final String SUM = "lethe.unlearn.direction=weighted-sum";

  @TempDir private Path folder;
  private PipelineFixture fixture;

  @BeforeEach
  void make() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @Test
  void refusalsAreChosenBySeedAndRowAndTrained() throws IOException {
    String[] settings = {
      "lethe.unlearn.forget-loss=idkdpo",
      SUM,
      "lethe.unlearn.alternatives.refusals=[\"No idea.\", \"Ask someone else.\"]"
    };
    Ended ended = fixture.pipeline("refusals", settings);
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("other answers to");
    List<ShardRow> answers = rows("refusals", "alternatives");

    assertThat(ids(answers)).isEqualTo(ids(rows("refusals", "forget")));
    assertThat(answers)
        .extracting(ShardRow::completion)
        .containsOnly("No idea.", "Ask someone else.");
    for (ShardRow row : rows("refusals", "forget")) {
      ShardRow answer =
          answers.stream().filter(a -> a.id().equals(row.id())).findFirst().orElseThrow();
      assertThat(prompt(answer)).containsExactly(prompt(row));
    }

    Ended again = fixture.pipeline("refusals", settings);
    assertThat(again.out()).contains("done before");
    // Each row has the same answer with another number of workers.
    List<String> other = new ArrayList<>(List.of(settings));
    other.add("lethe.unlearn.workers=1");
    assertThat(fixture.pipeline("alone", other.toArray(String[]::new)).status()).isZero();
    assertThat(texts(rows("alone", "alternatives"))).isEqualTo(texts(answers));
  }

  @Test
  void theModelWritesSeveralAnswersForEachRow() throws IOException {
    Ended ended =
        fixture.pipeline(
            "written",
            "lethe.unlearn.forget-loss=altpo",
            SUM,
            "lethe.unlearn.alternatives.answers=2",
            "lethe.unlearn.alternatives.max-new-tokens=6",
            "lethe.unlearn.alternatives.instruction=\"{prompt} {completion} Or:\"");
    assertThat(ended.status()).as(ended.err()).isZero();
    List<ShardRow> rows = rows("written", "forget");
    List<ShardRow> answers = rows("written", "alternatives");

    assertThat(answers).hasSize(2 * rows.size());
    assertThat(ids(answers)).isEqualTo(ids(rows));
    assertThat(new TreeSet<>(answers.stream().map(ShardRow::completion).toList()).size())
        .isGreaterThan(rows.size());
    assertThat(Files.readAllLines(fixture.run("written").resolve("metrics/rounds.jsonl")))
        .hasSize(3);
  }

  @Test
  void otherFactsAreSubstitutedInEveryAnswer() throws IOException {
    String[] settings = {
      "lethe.unlearn.forget-loss=altpo",
      SUM,
      "lethe.unlearn.alternatives.origin=substitution",
      "lethe.unlearn.alternatives.answers=3"
    };
    Ended ended = fixture.pipeline("substituted", settings);
    assertThat(ended.status()).as(ended.err()).isZero();
    List<ShardRow> rows = rows("substituted", "forget");
    List<ShardRow> answers = rows("substituted", "alternatives");

    assertThat(answers).hasSize(3 * rows.size());
    assertThat(ids(answers)).isEqualTo(ids(rows));
    Set<String> own = texts(rows);
    assertThat(texts(answers)).noneMatch(own::contains);
    List<String> other = new ArrayList<>(List.of(settings));
    other.add("lethe.unlearn.workers=1");
    assertThat(fixture.pipeline("alone", other.toArray(String[]::new)).status()).isZero();
    assertThat(texts(rows("alone", "alternatives"))).isEqualTo(texts(answers));
  }

  @Test
  void rmuChangesOnlyTheChosenTensors() throws IOException {
    String[] settings = {
      "lethe.unlearn.forget-loss=rmu",
      "lethe.unlearn.retain-loss=activations",
      "lethe.unlearn.rmu.layer=0",
      "lethe.model.train=[\"layers.0.mlp.down_proj\"]"
    };
    Ended ended = fixture.pipeline("rmu", settings);
    assertThat(ended.status()).as(ended.err()).isZero();
    Path model = fixture.run("rmu").resolve("model/model.safetensors");
    byte[] before = Files.readAllBytes(fixture.model("model.safetensors"));
    byte[] after = Files.readAllBytes(model);
    assertThat(after).hasSameSizeAs(before);
    int first = Arrays.mismatch(before, after);
    int last = after.length - 1;
    while (before[last] == after[last]) {
      last--;
    }
    // One matrix of 16 x 32 floats.
    assertThat(last - first).isBetween(4, 4 * 16 * 32);

    settings[3] = "lethe.model.train=[\"layers.5.mlp.down_proj\"]";
    Ended wrong = fixture.pipeline("wrong", settings);
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("'layers.5.mlp.down_proj' matches no tensor of the model; the nearest are")
        .contains("model.layers.0.mlp.down_proj.weight");
    settings[3] = "lethe.model.train=[\"layers.1\"]";
    assertThat(fixture.pipeline("above", settings).err())
        .contains("layers 0 to 0 have no trained tensor");
  }

  private List<ShardRow> rows(String run, String set) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    Path shards = fixture.run(run).resolve("shards/" + set);
    try (var files = Files.list(shards)) {
      files
          .filter(file -> file.toString().endsWith(".parquet"))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .forEach(file -> rows.addAll(ShardReader.read(file.toUri(), new Configuration())));
    }
    return rows;
  }

  private static Set<String> ids(List<ShardRow> rows) {
    return new TreeSet<>(rows.stream().map(ShardRow::id).toList());
  }

  private static Set<String> texts(List<ShardRow> rows) {
    return new TreeSet<>(rows.stream().map(row -> row.id() + ": " + row.completion()).toList());
  }

  private static int[] prompt(ShardRow row) {
    return Arrays.copyOf(row.tokens(), row.promptTokens());
  }
}
