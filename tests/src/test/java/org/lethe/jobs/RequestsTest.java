package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RequestBinding;
import org.lethe.jobs.config.Stage;
import org.lethe.run.PhaseHook;

/** Several erasure requests in one run. */
final class RequestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private PipelineFixture fixture;

  @BeforeEach
  void makeInputs() throws IOException {
    fixture = new PipelineFixture(folder);
    // Each request has the rows of three people. Both have the same retain rows.
    List<String> rows = Files.readAllLines(fixture.corpus("forget"));
    int half = rows.size() / 2;
    Files.write(corpus("first"), rows.subList(0, half));
    Files.write(corpus("second"), rows.subList(half, rows.size()));
  }

  @AfterEach
  void clearHook() {
    PhaseHook.clear();
  }

  @Test
  void eachRequestStartsFromThePreviousModel() throws IOException {
    Ended ended = fixture.pipeline("run", requests(gate("second", "forget.loss.at-least = 0")));

    assertThat(ended.status()).as(ended.err()).isZero();
    Path run = fixture.run("run");
    JsonNode record = json(run.resolve("record.json"));
    JsonNode first = json(run.resolve("requests/first/record.json"));
    JsonNode second = json(run.resolve("requests/second/record.json"));
    assertThat(second.path("input_model").path("model.safetensors").asText())
        .isEqualTo(first.path("output_model").path("model.safetensors").asText())
        .isNotEqualTo(first.path("input_model").path("model.safetensors").asText());
    assertThat(first.path("request_id").asText()).isEqualTo("first");
    assertThat(first.path("gates")).isEmpty();
    assertThat(second.path("gates")).hasSize(1);
    assertThat(record.path("model_path").asText()).isEqualTo("requests/second/model");
    assertThat(record.path("output_model")).isEqualTo(second.path("output_model"));
    assertThat(record.path("requests")).hasSize(2);

    JsonNode line = record.path("requests").get(0);
    assertThat(line.path("id").asText()).isEqualTo("first");
    assertThat(line.path("later").get(0).path("request").asText()).isEqualTo("second");
    // Measured again on the second model, so the loss differs. Only the forget set is measured.
    double own = line.path("after").path("forget.loss").asDouble();
    double later = line.path("later").get(0).path("figures").path("forget.loss").asDouble();
    assertThat(later).isPositive().isNotCloseTo(own, within(1e-9));
    assertThat(line.path("later").get(0).path("figures").has("retain.loss")).isFalse();
    PipelineTest.assertValid("record", run.resolve("record.json"));
    PipelineTest.assertValid("record", run.resolve("requests/first/record.json"));
    assertThat(Files.readString(run.resolve("report.html"))).contains("After second");
    assertThat(ended.out()).contains("Request 2 of 2: second").contains("after first");
    Ended verified = fixture.execute(List.of("verify", run.toString()));
    assertThat(verified.status()).as(verified.err()).isZero();
    assertThat(verified.out().lines().filter(shown -> shown.startsWith("gates "))).hasSize(2);
  }

  @Test
  void anInterruptedRunResumesInItsSecondRequest() throws IOException {
    int[] started = {0};
    PhaseHook.install(
        phase -> {
          if (phase.equals("round:aggregated") && ++started[0] == 5) {
            throw new IllegalStateException("stopped by the test");
          }
        });
    Ended cut = fixture.pipeline("cut", requests());
    PhaseHook.clear();
    Ended again = fixture.pipeline("cut", requests());
    Ended whole = fixture.pipeline("whole", requests());

    assertThat(cut.status()).isEqualTo(1);
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.out()).contains("done before");
    assertThat(whole.status()).as(whole.err()).isZero();
    assertThat(weights("cut")).isEqualTo(weights("whole"));
  }

  @Test
  void aRefusedRequestEndsTheSequenceAndIsRecorded() throws IOException {
    Ended ended = fixture.pipeline("refused", requests(gate("first", "forget.loss.at-most = 0")));

    assertThat(ended.status()).as(ended.err()).isEqualTo(4);
    Path run = fixture.run("refused");
    JsonNode record = json(run.resolve("record.json"));
    assertThat(record.path("requests")).hasSize(1);
    assertThat(record.path("decision").asText()).isEqualTo("REFUSED");
    assertThat(run.resolve("requests/second")).doesNotExist();

    ended = fixture.pipeline("refused", requests());
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(json(run.resolve("record.json")).path("requests")).hasSize(2);
  }

  /** The second request cannot pass its gate, neither in the batch nor alone. */
  @Test
  void aRequestOfABatchThatFailsDoesNotBlockTheOthers() throws IOException {
    String[] requests = requests(gate("second", "forget.loss.at-most = 0"));
    String[] settings = {requests[0], requests[1], "lethe.requests-at-once=2"};
    Ended ended = fixture.pipeline("batch", settings);

    assertThat(ended.status()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err())
        .contains("1 of 2 requests were refused: second; the others were released");
    assertThat(ended.out()).contains("Request second is tried alone");
    Path run = fixture.run("batch");
    JsonNode record = json(run.resolve("record.json"));
    JsonNode batch = json(run.resolve("requests/batch-1/record.json"));
    JsonNode alone = json(run.resolve("requests/second/record.json"));
    assertThat(record.path("decision").asText()).isEqualTo("RELEASED");
    assertThat(record.path("model_path").asText()).isEqualTo("requests/batch-1/model");
    JsonNode released = batch.path("output_model");
    assertThat(((ObjectNode) released).remove("README.md")).as("the model card").isNotNull();
    assertThat(alone.path("input_model")).isEqualTo(released);
    assertThat(run.resolve("requests/first")).doesNotExist();

    JsonNode lines = record.path("requests");
    assertThat(lines).hasSize(3);
    assertLine(lines.get(0), "first", "RELEASED", batch);
    assertLine(lines.get(1), "second", "REFUSED", batch);
    assertThat(lines.get(1).path("gates").get(0).path("figure").asText()).isEqualTo("forget.loss");
    assertThat(lines.get(2).path("id").asText()).isEqualTo("second");
    assertThat(lines.get(2).path("decision").asText()).isEqualTo("REFUSED");
    assertThat(lines.get(0).path("later").get(0).path("request").asText()).isEqualTo("second");
    PipelineTest.assertValid("record", run.resolve("record.json"));
    assertThat(Files.readString(run.resolve("report.html"))).contains("After batch-1");

    Ended verified = fixture.execute(List.of("verify", run.toString()));
    assertThat(verified.status()).as(verified.err()).isZero();
    Path file = run.resolve("record.json");
    assertThat(batch.path("gates")).isEmpty();
    assertThat(Files.readString(file)).contains("requests/batch-1/record.json");
  }

  /** A request's figures are those of its rows, which the batch has as a task. */
  private static void assertLine(JsonNode line, String id, String decision, JsonNode batch) {
    assertThat(line.path("id").asText()).isEqualTo(id);
    assertThat(line.path("decision").asText()).isEqualTo(decision);
    assertThat(line.path("record").asText()).isEqualTo("requests/batch-1/record.json");
    for (String when : List.of("before", "after")) {
      assertThat(line.path(when).path("forget.loss").asDouble())
          .isEqualTo(batch.path(when).path("forget." + id + ".loss").asDouble(Double.NaN));
      assertThat(line.path(when).path("retain.loss"))
          .isEqualTo(batch.path(when).path("retain.loss"));
    }
  }

  @Test
  void aTargetIsTrainedOnTheRowsOfAllRequests() throws IOException {
    String[] settings = {
      "lethe.requests=[{id = first, forget = \"%s\"}, {id = second, forget = [\"%s\"]}]"
          .formatted(corpus("first"), corpus("second")),
      "lethe.corpus.forget=[]",
      "lethe.pipeline.stages=[shard, finetune, unlearn, evaluate, release]",
      "lethe.finetune.rounds=1",
      "lethe.finetune.local-steps=2"
    };
    Ended ended = fixture.pipeline("target", settings);

    assertThat(ended.status()).as(ended.err()).isZero();
    Path run = fixture.run("target");
    int all = Files.readAllLines(fixture.corpus("forget")).size();
    assertThat(json(run.resolve("shards/report.json")).path("forget").path("rows").asInt())
        .isEqualTo(all);
    JsonNode target = json(run.resolve("finetune/model/manifest.json")).path("outputs");
    assertThat(
            json(run.resolve("requests/first/record.json"))
                .path("input_model")
                .path("model.safetensors"))
        .isEqualTo(target.path("model.safetensors"));
  }

  @Test
  void allProblemsOfRequestsAreReportedTogether() {
    ConfigurationReader reader =
        Configuration.load(
                List.of(),
                List.of(
                    "lethe.requests=[{id = a, forget = x, gate {}}, {id = a}, {id = \"..\", forget"
                        + " = y}]",
                    "lethe.corpus.forget=[z]",
                    "lethe.shard.overlap=forget",
                    "lethe.model.adapter=lora"))
            .reader();
    RequestBinding.read(reader, List.of(Stage.SHARD, Stage.UNLEARN));

    assertThatThrownBy(reader::done)
        .hasMessageContaining("unknown key gate (--set lethe.requests: 1); did you mean gates?")
        .hasMessageContaining(
            "lethe.requests[1].forget (--set lethe.requests: 1): expected the files")
        .hasMessageContaining("ids that differ; \"a\" is given twice")
        .hasMessageContaining("lethe.requests[2].id (--set lethe.requests: 1): expected a name")
        .hasMessageContaining("expected the pipeline command with the stages shard, unlearn")
        .hasMessageContaining(
            "lethe.corpus.forget = [z] (--set lethe.corpus.forget: 1): expected []")
        .hasMessageContaining("expected refuse, since all of lethe.requests share the retain files")
        .hasMessageContaining("expected merged, since the next of lethe.requests");
  }

  @Test
  void gatesOfRequestsAreValidatedBeforeTheRun() {
    Ended ended = fixture.pipeline("gate", requests(gate("second", "forget.los.at-most = 1")));

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("lethe.gates.forget.los.at-most");
    // A usage error leaves result.json and nothing else.
    assertThat(fixture.run("gate/result.json")).exists();
    assertThat(fixture.run("gate/requests")).doesNotExist();
  }

  private Path corpus(String name) {
    return folder.resolve("corpus/" + name + ".jsonl");
  }

  private static String gate(String id, String gates) {
    return id + " = { " + gates + " }";
  }

  /** Settings of both requests. A gate has the form {@code first = { FIGURE.BOUND = LIMIT }}. */
  private String[] requests(String... gates) {
    StringBuilder list = new StringBuilder("lethe.requests=[");
    for (String id : List.of("first", "second")) {
      list.append("{ id = ").append(id).append(", forget = [\"").append(corpus(id)).append("\"]");
      for (String gate : gates) {
        if (gate.startsWith(id + " = ")) {
          list.append(", gates ").append(gate.substring(id.length() + 3));
        }
      }
      list.append(" }, ");
    }
    return new String[] {list.append("]").toString(), "lethe.corpus.forget=[]"};
  }

  private byte[] weights(String run) throws IOException {
    return Files.readAllBytes(fixture.run(run).resolve("requests/second/model/model.safetensors"));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readAllBytes(file));
  }
}
