package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.model.directory.ModelDirectory;

/** Whole runs, from corpora to the decision, and their output. */
final class PipelineTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void make() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @Test
  void aRunWritesModelRecordAndReportAndASecondRunDoesNothing() throws IOException {
    Ended ended = fixture.pipeline("whole");
    assertThat(ended.err()).doesNotContain("INTERNAL");
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("released as model");
    Path run = fixture.run("whole");
    assertThat(ModelDirectory.open(run.resolve("model")).architecture().layers()).isEqualTo(2);
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    assertThat(run.resolve("lock.json")).doesNotExist();
    assertDocumentsAreValid(run);
    assertThat(json(run.resolve("result.json")).path("exit_class").asText()).isEqualTo("SUCCESS");
    assertThat(json(run.resolve("record.json")).path("decision").asText())
        .isEqualToIgnoringCase("released");
    assertThat(names(run.resolve("model"))).isEqualTo(withCard(names(fixture.model())));

    byte[] model = Files.readAllBytes(run.resolve("model/model.safetensors"));
    byte[] shards = Files.readAllBytes(run.resolve("shards/manifest.json"));
    List<String> rounds = Files.readAllLines(run.resolve("metrics/rounds.jsonl"));
    Ended again = fixture.pipeline("whole");
    assertThat(again.status()).isZero();
    assertThat(again.out()).contains("done before").contains("released as model");
    assertThat(Files.readAllBytes(run.resolve("model/model.safetensors"))).isEqualTo(model);
    assertThat(Files.readAllBytes(run.resolve("shards/manifest.json"))).isEqualTo(shards);
    assertThat(Files.readAllLines(run.resolve("metrics/rounds.jsonl"))).isEqualTo(rounds);
    assertThat(table(again.out())).isEqualTo(table(ended.out()));

    Ended other = fixture.pipeline("whole", "lethe.unlearn.seed=7");
    assertThat(other.status()).isEqualTo(5);
    assertThat(other.err())
        .contains("CONFLICT: Inputs of stage 'unlearn' changed")
        .contains("lethe.unlearn.seed");
  }

  @Test
  void aDryRunWritesNothing() {
    Ended ended = fixture.pipeline("dry", "--dry-run");
    assertThat(ended.status()).isZero();
    assertThat(fixture.run("dry")).doesNotExist();
  }

  @Test
  void anAdapterIsReleasedAndMergedOnRequest() throws IOException {
    Ended ended =
        fixture.pipeline("adapter", "lethe.model.adapter=lora", "lethe.model.lora.rank=2");
    assertThat(ended.status()).as(ended.err()).isZero();
    Path run = fixture.run("adapter");
    assertThat(names(run.resolve("adapter")))
        .contains("adapter_config.json", "adapter_model.safetensors");
    assertThat(run.resolve("model")).doesNotExist();
    // The figures are those of the model with the adapter, not of the frozen one.
    assertThat(figure(run, "after")).isNotEqualTo(figure(run, "before"));
    assertDocumentsAreValid(run);

    // Merged weights would be missing from the existing candidate.
    ended =
        fixture.pipeline(
            "adapter",
            "lethe.model.adapter=lora",
            "lethe.model.lora.rank=2",
            "lethe.release.lora=merged");
    assertThat(ended.status()).isEqualTo(5);
    assertThat(ended.err()).contains("lethe.release.lora");
    // The figures are those of the factors with the scale of their training.
    ended =
        fixture.execute(
            Stream.concat(
                    Stream.of("evaluate"),
                    fixture
                        .flags(
                            "adapter",
                            "lethe.model.adapter=lora",
                            "lethe.model.lora.rank=2",
                            "lethe.model.lora.alpha=64")
                        .stream())
                .toList());
    assertThat(ended.status()).isEqualTo(5);
    assertThat(ended.err()).contains("lethe.model.lora.alpha");

    ended =
        fixture.pipeline(
            "merged",
            "lethe.model.adapter=lora",
            "lethe.model.lora.rank=2",
            "lethe.release.lora=merged");
    assertThat(ended.status()).as(ended.err()).isZero();
    Path merged = fixture.run("merged");
    assertThat(names(merged.resolve("model"))).isEqualTo(withCard(names(fixture.model())));
    assertThat(merged.resolve("adapter/adapter_model.safetensors"))
        .hasSameBinaryContentAs(run.resolve("adapter/adapter_model.safetensors"));
    assertThat(merged.resolve("model/model.safetensors")).isRegularFile();
    assertThat(Files.mismatch(weights(merged.resolve("model")), weights(fixture.model())))
        .isNotNegative();
  }

  @Test
  void aFailedGateKeepsTheModelFromRelease() throws IOException {
    Ended ended = fixture.pipeline("refused", "lethe.gates.forget.loss.at-least=100");
    assertThat(ended.status()).isEqualTo(4);
    assertThat(ended.err())
        .contains("GATE: Not released: forget.loss is ")
        .contains("expected at least 100")
        .contains("model.refused");
    Path run = fixture.run("refused");
    assertThat(run.resolve("model")).doesNotExist();
    assertThat(names(run.resolve("model.refused"))).isEqualTo(names(fixture.model()));
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    assertDocumentsAreValid(run);
    assertThat(json(run.resolve("record.json")).path("decision").asText())
        .isEqualToIgnoringCase("refused");
    assertThat(json(run.resolve("result.json")).path("exit_class").asText()).isEqualTo("GATE");

    // Other gates give another decision over the same stages.
    ended = fixture.pipeline("refused", "lethe.gates.forget.loss.at-least=0");
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(run.resolve("model.refused")).doesNotExist();
    assertThat(run.resolve("model/model.safetensors")).isRegularFile();
  }

  @Test
  void trainingThatChangesNothingIsNoEffect() {
    Ended ended = fixture.pipeline("nothing", "lethe.unlearn.learning-rate.peak=1e-30");
    assertThat(ended.status()).as(ended.err()).isEqualTo(7);
    assertThat(ended.err()).contains("NO_EFFECT: Training changed nothing");
    assertThat(fixture.run("nothing").resolve("model")).doesNotExist();
  }

  @Test
  void trainingThatBreaksTheModelHasDiverged() throws IOException {
    Ended ended =
        fixture.pipeline(
            "diverged",
            "lethe.unlearn.optimizer=sgd",
            "lethe.unlearn.learning-rate.peak=1e30",
            "lethe.unlearn.learning-rate.schedule=constant",
            "lethe.unlearn.local-steps=1",
            "lethe.unlearn.clip-norm=1e8");
    assertThat(ended.status()).as(ended.err()).isEqualTo(6);
    assertThat(ended.err())
        .containsPattern(
            "(?m)^DIVERGED: Training diverged in round \\d: .*; lower the learning rate")
        .contains("Last good state: ");
    Path run = fixture.run("diverged");
    assertThat(run.resolve("model")).doesNotExist();
    assertThat(json(run.resolve("result.json")).path("exit_status").asInt()).isEqualTo(6);
  }

  private static void assertDocumentsAreValid(Path run) throws IOException {
    assertValid("run", run.resolve("run.json"));
    assertValid("result", run.resolve("result.json"));
    assertValid("record", run.resolve("record.json"));
    assertValid("shard-report", run.resolve("shards/report.json"));
    assertValid("manifest", run.resolve("shards/manifest.json"));
    assertValid("manifest", run.resolve("candidate/manifest.json"));
    assertValid("evaluation-summary", run.resolve("evaluation/after/summary.json"));
    for (String line : Files.readAllLines(run.resolve("metrics/rounds.jsonl"))) {
      assertValid("round-metrics", line);
    }
  }

  static void assertValid(String schema, Path document) throws IOException {
    assertValid(schema, Files.readString(document));
  }

  private static void assertValid(String schema, String document) throws IOException {
    String text =
        Files.readString(
            Path.of(
                System.getProperty("lethe.repository"), "data-schemas", schema + ".schema.json"),
            StandardCharsets.UTF_8);
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text)
                .validate(JSON.readTree(document)))
        .as(schema)
        .isEmpty();
  }

  private static double figure(Path run, String when) throws IOException {
    return json(run.resolve("result.json")).path("figures").path(when + ".forget.loss").asDouble();
  }

  private static Path weights(Path model) {
    return model.resolve("model.safetensors");
  }

  /** Adds the model card, which every released directory has. */
  private static List<String> withCard(List<String> names) {
    return Stream.concat(Stream.of("README.md"), names.stream()).sorted().toList();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The before/after table, without the lines of progress. */
  private static String table(String out) {
    return out.substring(out.indexOf("TO BE FORGOTTEN"));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readAllBytes(file));
  }
}
