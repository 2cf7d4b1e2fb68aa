package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** The measured share of the attacks in the time of a command, and the warning about it. */
final class AttackShareTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** No attack takes so little. */
  private static final String TINY = "lethe.evaluate.attacks.most-share=0.001";

  /** Sharding and training come before the attacks, so they never take so much. */
  private static final String LARGE = "lethe.evaluate.attacks.most-share=0.9";

  @TempDir Path folder;

  private final Warnings warnings = new Warnings();

  @BeforeEach
  void listen() {
    warnings.start();
    logger().addAppender(warnings, Level.WARN, null);
  }

  @AfterEach
  void stopListening() {
    logger().removeAppender(warnings.getName());
    warnings.stop();
  }

  @Test
  void attacksThatTakeMoreThanTheirShareAreReported() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    run(fixture, "tiny", TINY);
    assertThat(warnings.messages)
        .hasSize(2)
        .allMatch(
            message ->
                message.matches(
                    "Attacks took \\d+ % of the command's time, more than"
                        + " lethe\\.evaluate\\.attacks\\.most-share \\(0 %\\); the plan was"
                        + " \\d+ % of the work, with \\d+ rows of each set"));

    warnings.messages.clear();
    run(fixture, "large", LARGE);
    assertThat(warnings.messages).isEmpty();
  }

  @Test
  void aResumedCommandCountsItsOwnAttacksOnly() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    run(fixture, "run", LARGE);
    JsonNode before = cost(fixture, "before");
    JsonNode after = cost(fixture, "after");
    assertThat(after.path("share").asDouble())
        .isCloseTo(
            (before.path("seconds").asDouble() + after.path("seconds").asDouble())
                / after.path("command_seconds").asDouble(),
            within(1e-9));

    RunDirectory directory = RunDirectory.at(fixture.run("run").toString(), new Configuration());
    Documents.delete(directory.fileSystem(), directory.evaluation("attacks-after"));
    run(fixture, "run", LARGE);
    assertThat(cost(fixture, "before")).isEqualTo(before);
    after = cost(fixture, "after");
    assertThat(after.path("share").asDouble())
        .isCloseTo(
            after.path("seconds").asDouble() / after.path("command_seconds").asDouble(),
            within(1e-9));
  }

  private static void run(PipelineFixture fixture, String run, String share) {
    Ended ended =
        fixture.pipeline(
            run,
            "lethe.evaluate.attacks.try=[direct]",
            "lethe.pipeline.stages=[shard,unlearn,evaluate]",
            share);
    assertThat(ended.status()).as(ended.err()).isZero();
  }

  private static JsonNode cost(PipelineFixture fixture, String when) throws IOException {
    return JSON.readTree(
        Files.readString(fixture.run("run").resolve("metrics/attacks-" + when + ".json")));
  }

  private static LoggerConfig logger() {
    return LoggerContext.getContext(false).getConfiguration().getLoggerConfig("org.lethe");
  }

  /** Keeps the warnings about attacks. */
  private static final class Warnings extends AbstractAppender {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    Warnings() {
      super("warnings", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      if (event.getLoggerName().endsWith(".ModelAttacks")) {
        messages.add(event.getMessage().getFormattedMessage());
      }
    }
  }
}
