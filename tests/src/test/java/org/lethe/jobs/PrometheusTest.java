package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.ChildProcess;

/** The figures of a run at Spark's own endpoint for Prometheus. */
final class PrometheusTest {
  private static final String SINK =
      "\"spark.metrics.conf.*.sink.prometheusServlet.class\""
          + " = \"org.apache.spark.metrics.sink.PrometheusServlet\","
          + "\"spark.metrics.conf.*.sink.prometheusServlet.path\" = \"/metrics/prometheus\"";

  @TempDir private Path folder;

  @Test
  void theEndpointShowsTheRound() throws IOException, InterruptedException {
    PipelineFixture fixture = new PipelineFixture(folder);
    Path scraped = folder.resolve("scraped.txt");
    List<String> arguments = new ArrayList<>(List.of("pipeline"));
    arguments.addAll(
        fixture.flags(
            "run",
            "lethe.evaluate.generation=none",
            "lethe.spark.settings={\"spark.ui.enabled\" = \"true\", \"spark.ui.port\" = \"0\", "
                + SINK
                + "}"));
    Process process =
        ChildProcess.builder(ScrapedPipeline.class, arguments, "test.file=" + scraped)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();

    // Read while the last round was computed, so the round before it is shown.
    String metrics = Files.readString(scraped);
    assertThat(value(metrics, "round")).isEqualTo(2);
    assertThat(value(metrics, "rounds")).isEqualTo(3);
    JsonNode round =
        new ObjectMapper()
            .readTree(
                Files.readAllLines(fixture.run("run").resolve("metrics/rounds.jsonl")).get(1));
    assertThat(value(metrics, "forget_loss"))
        .isCloseTo(round.path("forget_loss").asDouble(), within(1e-9));
    assertThat(value(metrics, "retain_loss"))
        .isCloseTo(round.path("retain_loss").asDouble(), within(1e-9));
    assertThat(value(metrics, "tokens_per_second")).isPositive();
    assertThat(value(metrics, "rows_per_second")).isPositive();
    assertThat(value(metrics, "bytes_read")).isPositive();
    assertThat(value(metrics, "bytes_written")).isPositive();
    for (String line : Files.readAllLines(fixture.corpus("forget"))) {
      assertThat(metrics).doesNotContain(new ObjectMapper().readTree(line).path("output").asText());
    }
  }

  private static double value(String metrics, String name) {
    Matcher line =
        Pattern.compile("_driver_lethe_" + name + "_Value\\{[^}]*\\} (\\S+)").matcher(metrics);
    assertThat(line.find()).as("%s in%n%s", name, metrics).isTrue();
    return Double.parseDouble(line.group(1));
  }
}
