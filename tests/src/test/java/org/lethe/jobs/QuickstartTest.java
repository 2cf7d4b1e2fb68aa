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
import org.lethe.jobs.PipelineFixture.Ended;

/** The quickstart of README.md, on the machine's own kernel. The bounds are those of README.md. */
final class QuickstartTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void theForgetPeopleEndLikePeopleWhomTheModelNeverSaw() throws IOException {
    Path run = folder.resolve("run");
    Ended ended =
        new PipelineFixture(folder)
            .execute(
                List.of(
                    "quickstart",
                    "--run-dir=" + run,
                    // A third of the time, and no part of what is asserted here.
                    "--set=lethe.evaluate.attacks.try=[]"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("TO BE FORGOTTEN", "TO BE KEPT");
    assertThat(run.resolve("model/model.safetensors")).exists();
    assertThat(Files.readString(run.resolve("report.html"))).contains("by the rule like-unseen");
    JsonNode stop = json(run.resolve("candidate/stop.json"));
    assertThat(stop.path("rule").asText()).isEqualTo("like-unseen");
    assertThat(stop.path("forgetting").asText()).isNotEqualTo("NOT_FORGOTTEN");
    JsonNode before = json(run.resolve("record.json")).path("before");
    JsonNode after = json(run.resolve("record.json")).path("after");
    assertThat(before.path("forget.rouge-l-recall").asDouble()).isGreaterThan(0.95);
    assertThat(after.path("forget.exact-match").asDouble()).isZero();
    assertThat(after.path("forget.repetition").asDouble())
        .isLessThanOrEqualTo(before.path("unseen-forget.repetition").asDouble() + 0.1);
    assertThat(after.path("retain.rouge-l-recall").asDouble()).isGreaterThanOrEqualTo(0.95);
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
