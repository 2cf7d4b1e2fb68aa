package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.compute.BfloatMachine;

/** The pipeline with BFLOAT16 products, and what its documents say about them. */
final class BfloatPipelineTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void runRoundsAndRecordNameTheProducts() throws IOException {
    String products = BfloatMachine.backend().products().orElseThrow();
    PipelineFixture fixture = new PipelineFixture(folder);
    PipelineFixture.Ended ended =
        fixture.pipeline("run", "lethe.platform.products=bfloat16", "lethe.unlearn.rounds=1");
    assertThat(ended.status()).as(ended.err()).isZero();
    JsonNode run = MAPPER.readTree(fixture.run("run").resolve("run.json").toFile());
    assertThat(run.at("/versions/kernel").asText()).contains(", " + products + ", onednn-avx512");
    JsonNode round =
        MAPPER.readTree(
            Files.readAllLines(fixture.run("run").resolve("metrics/rounds.jsonl")).get(0));
    assertThat(round.get("kernels")).hasSize(1);
    assertThat(round.at("/kernels/0").asText()).isEqualTo(run.at("/versions/kernel").asText());
    JsonNode record = MAPPER.readTree(fixture.run("run").resolve("record.json").toFile());
    assertThat(record.at("/code/kernel").asText()).isEqualTo(run.at("/versions/kernel").asText());
  }

  @Test
  void theDoctorNamesTheProducts() throws IOException {
    String products = BfloatMachine.backend().products().orElseThrow();
    PipelineFixture.Ended ended =
        new PipelineFixture(folder)
            .execute(List.of("doctor", "--set", "lethe.platform.products=bfloat16"));
    assertThat(ended.out()).contains("heap: FLOAT on the CPU, products in " + products);
  }
}
