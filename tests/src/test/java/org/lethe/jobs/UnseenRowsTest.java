package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;

/** Whole runs that are measured on unseen rows. */
final class UnseenRowsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void make() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  /** A model with random weights knows nothing. */
  @Test
  void aForgetSetThatWasNotKnownIsNoBaseline() throws IOException {
    String[] gate = {"lethe.gates.forget.probability.like-unseen=1"};
    Ended ended = fixture.pipeline("unknown", gate);
    assertThat(ended.status()).as(ended.err()).isEqualTo(11);
    assertThat(ended.err()).contains("NO_BASELINE: Not released: before unlearning the model knew");
    Path run = fixture.run("unknown");
    assertThat(run.resolve("model")).doesNotExist();
    assertThat(run.resolve("model.refused")).isDirectory();
    assertThat(unseenProbability(run, "before")).isBetween(0.0, 1.0);
    PipelineTest.assertValid("record", run.resolve("record.json"));
    PipelineTest.assertValid("result", run.resolve("result.json"));
    JsonNode record = json(run.resolve("record.json"));
    assertThat(record.path("before").path("unseen-forget.probability").isNumber()).isTrue();
    assertThat(record.path("gates").get(0).path("bound").asText())
        .startsWith("like unseen rows, within 1 of their interval (");
    assertThat(Files.readString(run.resolve("report.html"))).contains("Unseen rows");

    Ended verified = fixture.execute(List.of("verify", run.toString()));
    assertThat(verified.status()).as(verified.err()).isZero();

    byte[] rows = Files.readAllBytes(run.resolve("unseen/shards/forget/worker-00000.parquet"));
    Ended again = fixture.pipeline("unknown", gate);
    assertThat(again.status()).isEqualTo(11);
    assertThat(Files.readAllBytes(run.resolve("unseen/shards/forget/worker-00000.parquet")))
        .isEqualTo(rows);
  }

  @Test
  void givenUnseenRowsAreMeasured() throws IOException {
    Ended ended = fixture.pipeline("given", "lethe.corpus.unseen=" + fixture.corpus("retain"));
    Path run = fixture.run("given");
    // The random model knows both sets equally well or badly.
    assertThat(ended.status()).as(ended.err()).isIn(0, 11);
    assertThat(unseenProbability(run, "after")).isBetween(0.0, 1.0);
  }

  private static double unseenProbability(Path run, String when) throws IOException {
    return json(run.resolve("evaluation/unseen-" + when + "/summary.json"))
        .at("/sets/unseen-forget/figures/probability/mean")
        .asDouble(Double.NaN);
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
