package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.corpus.table.FakeTables;
import org.lethe.error.ExitClass;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.Digests;

/** The OpenLineage events of commands. tests/lineage checks them against the published schema. */
final class LineageTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  @Test
  void eventsNameInputsOutputsRequestAndDecision() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    Path file = folder.resolve("events.jsonl");
    String[] settings = {
      "lethe.lineage.file=" + file,
      "lethe.lineage.namespace=privacy",
      "lethe.request-id=DSR-7",
      "lethe.evaluate.generation=none"
    };
    Ended ended = fixture.pipeline("run", settings);
    assertThat(ended.status()).as(ended.err()).isZero();

    List<JsonNode> events = events(file);
    assertThat(events)
        .extracting(event -> event.path("eventType").asText())
        .containsExactly("START", "RUNNING", "RUNNING", "RUNNING", "RUNNING", "COMPLETE");
    assertThat(events)
        .extracting(event -> UUID.fromString(event.path("run").path("runId").asText()))
        .containsOnly(UUID.fromString(events.get(0).path("run").path("runId").asText()));
    assertThat(events.get(2).at("/run/facets/lethe_erasure/stage").asText()).isEqualTo("unlearn");
    JsonNode last = events.get(5);
    assertThat(last.at("/job/namespace").asText()).isEqualTo("privacy");
    assertThat(last.at("/job/name").asText()).isEqualTo("lethe.pipeline");
    assertThat(last.at("/run/facets/lethe_erasure/requestId").asText()).isEqualTo("DSR-7");
    assertThat(last.at("/run/facets/lethe_erasure/decision").asText()).isEqualTo("RELEASED");
    assertThat(last.path("inputs"))
        .extracting(input -> input.path("name").asText())
        .containsExactlyInAnyOrder(
            fixture.model().toString(),
            fixture.corpus("forget").toString(),
            fixture.corpus("retain").toString());
    JsonNode forget =
        StreamSupport.stream(last.path("inputs").spliterator(), false)
            .filter(one -> one.path("name").asText().equals(fixture.corpus("forget").toString()))
            .findFirst()
            .orElseThrow();
    assertThat(forget.at("/facets/version/datasetVersion").asText())
        .isEqualTo(Digests.of(Files.readAllBytes(fixture.corpus("forget"))));
    assertThat(last.at("/outputs/0/name").asText())
        .isEqualTo(fixture.run("run").resolve("model").toString());
    String text =
        JSON.readTree(Files.readAllLines(fixture.corpus("forget")).get(0)).path("output").asText();
    assertThat(Files.readString(file)).doesNotContain(text);

    ended = fixture.pipeline("run", refused(settings));
    assertThat(ended.status()).isEqualTo(ExitClass.GATE.status());
    JsonNode failure = events(file).get(events(file).size() - 1);
    assertThat(failure.path("eventType").asText()).isEqualTo("FAIL");
    assertThat(failure.path("outputs")).isEmpty();
    assertThat(failure.at("/run/facets/lethe_erasure/decision").asText()).isEqualTo("REFUSED");
    assertThat(failure.at("/run/facets/errorMessage/message").asText()).startsWith("GATE: ");
  }

  @Test
  void everyRequestIsAnInput() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    Path file = folder.resolve("events.jsonl");
    Ended ended =
        fixture.pipeline(
            "run",
            "lethe.lineage.file=" + file,
            "lethe.evaluate.generation=none",
            "lethe.corpus.forget=[]",
            "lethe.requests=[{id = one, forget = \"" + fixture.corpus("forget") + "\"}]");
    assertThat(ended.status()).as(ended.err()).isZero();

    for (JsonNode event : events(file)) {
      assertThat(event.path("inputs"))
          .extracting(input -> input.path("name").asText())
          .containsExactlyInAnyOrder(
              fixture.model().toString(),
              fixture.corpus("forget").toString(),
              fixture.corpus("retain").toString());
    }
  }

  @Test
  void tablesAreDatasetsWithTheirVersions() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    FakeTables.write(folder.resolve("forget"), 4, Files.readAllLines(fixture.corpus("forget")));
    Path file = folder.resolve("events.jsonl");
    Ended ended =
        fixture.pipeline(
            "run",
            "lethe.lineage.file=" + file,
            "lethe.evaluate.generation=none",
            "lethe.corpus.forget=delta:" + folder.resolve("forget"));
    assertThat(ended.status()).as(ended.err()).isZero();

    List<JsonNode> events = events(file);
    JsonNode table =
        StreamSupport.stream(events.get(events.size() - 1).path("inputs").spliterator(), false)
            .filter(one -> one.path("name").asText().equals(folder.resolve("forget").toString()))
            .findFirst()
            .orElseThrow();
    assertThat(table.at("/facets/version/datasetVersion").asText()).isEqualTo("4");
  }

  private static String[] refused(String[] settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("lethe.gates.forget.loss.at-least=100");
    return all.toArray(String[]::new);
  }

  private static List<JsonNode> events(Path file) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(JSON.readTree(line));
    }
    return events;
  }
}
