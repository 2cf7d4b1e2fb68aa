package org.lethe.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of conf/log4j2.properties in both formats. */
final class LogsTest {
  private static final String MESSAGE = "a \"quoted\" word\nand a second line, größer";

  @TempDir private Path folder;

  @AfterEach
  void clear() {
    System.clearProperty("lethe.log");
    System.clearProperty("lethe.log.pattern");
  }

  @Test
  void jsonHasOneObjectALine() throws Exception {
    Logs.use(Logs.Format.JSON);
    List<String> lines = lines();
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly("time", "level", "logger", "thread", "message");
    assertThat(Instant.parse(first.path("time").asText())).isAfter(Instant.EPOCH);
    assertThat(first.path("level").asText()).isEqualTo("INFO");
    assertThat(first.path("logger").asText()).isEqualTo("org.lethe.example");
    assertThat(first.path("message").asText()).isEqualTo(MESSAGE);
    // The message of an exception may quote a row.
    assertThat(lines.get(1)).doesNotContain("a row");
  }

  @Test
  void textIsTheDefault() throws Exception {
    Logs.use(Logs.Format.TEXT);
    assertThat(lines().get(0))
        .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+\\S* INFO example \\[[^\\]]+\\] a \"quoted\" word");
  }

  private List<String> lines() throws Exception {
    Path file = folder.resolve("lethe.log");
    System.setProperty("lethe.log", file.toString());
    Path configuration =
        Path.of(System.getProperty("lethe.repository"), "conf", "log4j2.properties");
    try (LoggerContext context = new LoggerContext("logs", null, configuration.toUri())) {
      context.start();
      context.getLogger("org.lethe.example").info(MESSAGE);
      context.getLogger("org.lethe.example").error("failed", new IllegalStateException("a row"));
    }
    return Files.readAllLines(file);
  }
}
