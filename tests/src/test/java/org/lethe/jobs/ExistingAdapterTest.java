package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.tensor.Dtype;

/** Runs on a bfloat16 model that release an adapter or merged weights, or begin with an adapter. */
final class ExistingAdapterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void trainAnAdapter() throws IOException {
    fixture = new PipelineFixture(folder, Dtype.BF16);
    run("first", lora("lethe.release.lora=merged", "lethe.release.base-model=org/base"));
    run("adapter", lora());
  }

  private static String[] lora(String... more) {
    return Stream.concat(
            Stream.of(
                "lethe.model.adapter=lora",
                "lethe.model.lora.rank=2",
                "lethe.unlearn.learning-rate.peak=3e-2"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private static void run(String name, String... settings) {
    Ended ended = fixture.pipeline(name, settings);
    assertThat(ended.status()).as(ended.err()).isZero();
  }

  private static JsonNode figures(String run, String when) throws IOException {
    return json(fixture.run(run).resolve("evaluation/" + when + "/summary.json")).path("sets");
  }

  private static double loss(String run, String when) throws IOException {
    return figures(run, when).path("forget").path("figures").path("loss").path("mean").asDouble();
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  private static String baseName(String run) throws IOException {
    return json(fixture.run(run).resolve("adapter/adapter_config.json"))
        .path("base_model_name_or_path")
        .asText();
  }

  @Test
  void figuresOfMergedWeightsAreThoseOfTheReleasedFiles() throws IOException {
    run(
        "released",
        "lethe.model.path=" + fixture.run("first").resolve("model"),
        "lethe.pipeline.stages=[shard,evaluate]");
    assertThat(figures("released", "before")).isEqualTo(figures("first", "after"));
    // Rounding to bfloat16 changes the figures, so the test would notice unrounded weights.
    assertThat(loss("adapter", "after")).isNotEqualTo(loss("first", "after"));
  }

  @Test
  void anAdapterNamesItsBaseModelByPathOrByTheConfiguredName() throws IOException {
    assertThat(baseName("adapter")).isEqualTo(fixture.model().toString());
    assertThat(baseName("first")).isEqualTo("org/base");
  }

  @Test
  void anAdapterIsContinued() throws IOException {
    Path adapter = fixture.run("adapter").resolve("adapter");
    run(
        "continued",
        lora("lethe.model.adapter-path=" + adapter, "lethe.model.adapter-start=continue"));
    assertThat(figures("continued", "before")).isEqualTo(figures("adapter", "after"));
    assertThat(figures("continued", "after")).isNotEqualTo(figures("continued", "before"));
    assertThat(json(fixture.run("continued").resolve("record.json")).toString())
        .contains("adapter/adapter_model.safetensors");
  }

  @Test
  void aContinuedAdapterIsTheReferenceOfPreferences() throws IOException {
    Path adapter = fixture.run("adapter").resolve("adapter");
    run(
        "reference",
        lora(
            "lethe.model.adapter-path=" + adapter,
            "lethe.model.adapter-start=continue",
            "lethe.unlearn.forget-loss=npo",
            "lethe.unlearn.npo.beta=0.1",
            "lethe.unlearn.rounds=1",
            "lethe.unlearn.local-steps=1",
            "lethe.pipeline.stages=[shard,unlearn]"));
    JsonNode first =
        JSON.readTree(
            Files.readAllLines(fixture.run("reference").resolve("metrics/rounds.jsonl")).get(0));
    // NPO (arXiv 2404.05868, equation 3) at its own reference: 2 log(2) / beta.
    assertThat(first.path("forget_loss").asDouble())
        .as(first.toString())
        .isCloseTo(2 * Math.log(2) / 0.1, within(1e-4));
  }

  @Test
  void aMergedAdapterIsTheGivenModelOfAllStages() throws IOException {
    Path adapter = fixture.run("adapter").resolve("adapter");
    run("merged", "lethe.model.adapter-path=" + adapter, "lethe.pipeline.stages=[shard,evaluate]");
    assertThat(loss("merged", "before")).isCloseTo(loss("adapter", "after"), within(0.01));
    assertThat(loss("merged", "before")).isNotCloseTo(loss("adapter", "before"), within(0.01));
    // The merged weights are those of release.lora = merged, byte for byte.
    assertThat(fixture.run("merged").resolve("merged/model/model.safetensors"))
        .hasSameBinaryContentAs(fixture.run("first").resolve("model/model.safetensors"));
  }

  @Test
  void theReleaseOfAMergedAdapterIsVerified() throws IOException {
    Path adapter = fixture.run("adapter").resolve("adapter");
    run("merged-release", "lethe.model.adapter-path=" + adapter);
    JsonNode record = json(fixture.run("merged-release").resolve("record.json"));
    assertThat(record.path("configuration").path("lethe.model.adapter-path").asText())
        .isEqualTo(adapter.toString());
    Ended ended = fixture.execute(List.of("verify", fixture.run("merged-release").toString()));
    assertThat(ended.status()).as(ended.err()).isZero();
  }

  @Test
  void anotherShapeIsRejectedWithTheSettingsThatHelp() {
    Path adapter = fixture.run("adapter").resolve("adapter");
    Ended ended =
        fixture.pipeline(
            "shape",
            "lethe.model.adapter=lora",
            "lethe.model.adapter-path=" + adapter,
            "lethe.model.adapter-start=continue");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .contains("Invalid lethe.model.lora: the factors of ")
        .contains(
            " have another shape; set lethe.model.lora { rank = 2, alpha = 32.0, targets = [q_proj,"
                + " k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj] }");
  }

  @Test
  void wholeWeightsContinueNoAdapter() {
    Ended ended =
        fixture.pipeline(
            "whole", "lethe.model.adapter-path=/adapter", "lethe.model.adapter-start=continue");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .contains("lethe.model.adapter-start")
        .contains("merge unless lethe.model.adapter is lora");
  }

  @Test
  void anAdapterIsNoModel() {
    Path adapter = fixture.run("adapter").resolve("adapter");
    Ended ended = fixture.pipeline("no-model", "lethe.model.path=" + adapter);
    assertThat(ended.status()).isEqualTo(3);
    assertThat(List.of(ended.err().split("\n")))
        .anyMatch(line -> line.contains("it is a PEFT adapter, not a model"));
  }
}
