package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;

/** From topic cards to a released model: once, again, by training and by arithmetic. */
final class RevealPipelineTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ONE_CARD =
      """
      {"version": 1, "cards": [
        {"id": "first", "name": "Odile Farrow", "oracle": {"kind": "name"},
         "attributes": [{"name": "e-mail", "questions": ["What is the e-mail of {name}?"]}]}
      ]}
      """;

  @TempDir private Path folder;
  private PipelineFixture fixture;
  private RevealFixture reveal;

  @BeforeEach
  void make() throws IOException {
    fixture = new PipelineFixture(folder);
    reveal = new RevealFixture(fixture, "Odile Farrow", "Tobias Wenning", "Ilse Morrow");
  }

  @Test
  void twoIterationsAreScoredOnFactsHeldOutInTheFirst() throws IOException {
    PipelineFixture.Ended ended =
        fixture.pipeline("run", reveal.settings("lethe.reveal.iterations=2"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("Iteration 1 of at most 2", "Iteration 2 of at most 2");
    JsonNode iterations = json("run/iterations.json");
    assertThat(iterations.path("stop").asText()).isEqualTo("ITERATIONS");
    assertThat(verified()).contains("computed again from ");
    assertThat(iterations.path("kept").asText()).isEqualTo("iterations/02");
    assertThat(iterations.path("lines")).hasSize(2);
    for (JsonNode line : iterations.path("lines")) {
      assertThat(line.path("rows").asInt()).isPositive();
      assertThat(line.path("after").has("forget.rouge-l-recall")).isTrue();
      assertThat(line.path("after").has("substituted-forget.rouge-l-recall")).isTrue();
      assertThat(line.path("after").has("true-forget.rouge-l-recall")).isTrue();
    }
    // The second iteration starts from the first one's model and reuses its best arms and
    // neighbours.
    JsonNode second = json("run/iterations/02/revealed/manifest.json");
    assertThat(second.path("inputs").path("arms of first").asText()).startsWith("[");
    assertThat(second.path("inputs").path("held out below of first").asDouble())
        .isEqualTo(
            json("run/iterations/01/revealed/report.json")
                .at("/cards/0/held_out_below")
                .asDouble());
    // Prompts of the second iteration are numbered after those of the first, so their noise
    // differs.
    int prompts = json("run/iterations/01/revealed/report.json").at("/cards/0/prompts").asInt();
    assertThat(second.path("inputs").path("prompts before of first").asInt()).isEqualTo(prompts);
    assertThat(json("run/iterations/02/revealed/steps/000000/step.json").at("/asks/0/first"))
        .hasToString(String.valueOf(prompts));
    assertThat(second.path("inputs").path("model"))
        .isNotEqualTo(
            json("run/iterations/01/revealed/manifest.json").path("inputs").path("model"));
    assertThat(json("run/iterations/02/shards/manifest.json").path("inputs").toString())
        .contains("iterations/01/revealed/retain.parquet");
    assertThat(folder.resolve("run/iterations/02/held-out")).doesNotExist();
    // The second iteration's model is released and compared with the given model.
    assertThat(folder.resolve("run/model/model.safetensors"))
        .hasSameBinaryContentAs(
            folder.resolve("run/iterations/02/candidate/model/model.safetensors"));
    assertThat(json("run/record.json").path("after"))
        .isEqualTo(iterations.path("lines").path(1).path("after"));
    assertThat(Files.readString(folder.resolve("run/report.html")))
        .contains("<h2>Iterations</h2>", "<h2>What the model revealed</h2>");
  }

  @Test
  void aModuleIsSubtractedWithTheWeightOfALineSearch() throws IOException {
    PipelineFixture.Ended ended = fixture.pipeline("run", reveal.arithmetic());

    assertThat(ended.status()).as(ended.err()).isZero();
    JsonNode chosen = json("run/candidate/arithmetic.json");
    assertThat(chosen.path("variant").asText()).isEqualTo("plain");
    assertThat(chosen.path("points")).isNotEmpty();
    assertThat(chosen.path("nothing").path("weight").asDouble()).isZero();
    assertThat(chosen.path("nothing").path("retain_loss").asDouble())
        .as("the retain module is in it")
        .isLessThan(
            json("run/evaluation/before/summary.json")
                .at("/sets/retain/figures/loss/mean")
                .asDouble());
    assertThat(chosen.path("points").path(0).path("weight").asDouble()).isEqualTo(0.5);
    assertThat(chosen.path("retain_weight").asDouble()).isEqualTo(1);
    assertThat(folder.resolve("run/module-forget/candidate/module/adapter_model.safetensors"))
        .exists();
    assertThat(
            json("run/module-retain/candidate/manifest.json")
                .path("inputs")
                .path("orthogonality")
                .asText())
        .isEqualTo("0.1");
    assertThat(Files.readString(folder.resolve("run/report.html")))
        .contains("<h2>Module arithmetic</h2>", "(plain)");
    // Only figures of the tried weights are kept.
    try (var files = Files.walk(folder.resolve("run/weights"))) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsOnly("manifest.json", "summary.json");
    }
    assertThat(folder.resolve("run/model/model.safetensors")).exists();
    assertThat(verified()).contains("computed again from ");
  }

  @Test
  void theReportComparesSearchesOfOtherRuns() throws IOException {
    String alone = "lethe.pipeline.stages=[reveal]";
    PipelineFixture.Ended other =
        fixture.pipeline("other", reveal.settings(alone, "lethe.reveal.search.strategy=random"));
    assertThat(other.status()).as(other.err()).isZero();
    String compare = "lethe.reveal.compare=[" + folder.resolve("other") + "]";

    PipelineFixture.Ended ended =
        fixture.pipeline("run", reveal.settings(compare, "lethe.reveal.iterations=2"));
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(Files.readString(folder.resolve("run/report.html")))
        .contains("<h3>Strategies of the search</h3>", ">neural-ucb</text>", ">random</text>");

    // Validated before the first prompt.
    PipelineFixture.Ended none =
        fixture.pipeline(
            "none", reveal.settings("lethe.reveal.compare=[" + folder.resolve("run/model") + "]"));
    assertThat(none.status()).isEqualTo(ExitClass.INPUT.status());
    assertThat(none.err())
        .contains(
            "No revealed/report.json in",
            "expected the directory of a run with a reveal" + " stage");
    Path cards = Files.writeString(folder.resolve("one.json"), ONE_CARD);
    PipelineFixture.Ended others =
        fixture.pipeline("none", reveal.settings(compare, "lethe.reveal.cards=" + cards));
    assertThat(others.status()).isEqualTo(ExitClass.INPUT.status());
    assertThat(others.err()).contains("found 2, expected the 1 of this run");
    assertThat(folder.resolve("none/revealed")).doesNotExist();
  }

  @Test
  void revealedTextIsDeletedOnReleaseAndASecondRunDoesNothing() throws IOException {
    String[] settings = reveal.settings("lethe.run.retention=delete-on-release");

    PipelineFixture.Ended ended = fixture.pipeline("run", settings);

    assertThat(ended.status()).as(ended.err()).isZero();
    try (var files = Files.walk(folder.resolve("run"))) {
      assertThat(files.map(Path::toString)).noneMatch(file -> file.contains(".parquet"));
    }
    assertThat(json("run/deletion.json").path("files").size()).isGreaterThan(10);
    assertThat(folder.resolve("run/model/model.safetensors")).exists();
    PipelineFixture.Ended again = fixture.pipeline("run", settings);
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.out()).contains("was decided before, and its text is deleted");
    assertThat(verified()).contains("read from the summaries; retention deleted the rows");
  }

  private String verified() {
    PipelineFixture.Ended verified =
        fixture.execute(List.of("verify", folder.resolve("run").toString()));
    assertThat(verified.status()).as(verified.err()).isZero();
    return verified.out();
  }

  @Test
  void conflictingSettingsAreReportedBeforeTheRun() {
    PipelineFixture.Ended ended =
        fixture.pipeline(
            "run",
            reveal.settings(
                "lethe.reveal.iterations=2",
                "lethe.model.adapter=lora",
                "lethe.reveal.release.method=arithmetic",
                "lethe.reveal.release.arithmetic.retain-module=none",
                "lethe.reveal.release.arithmetic.weights=[1.0, 0.5]"));

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .contains(
            List.of(
                "ext-sub is defined by both modules",
                "Invalid weights: [1.0, 0.5], expected some above 0 in ascending order",
                "modules are taken out of whole weights",
                "the next of lethe.reveal.iterations begins with whole weights"));
    assertThat(folder.resolve("run/revealed")).doesNotExist();
  }

  private JsonNode json(String file) throws IOException {
    return JSON.readTree(Files.readAllBytes(folder.resolve(file)));
  }
}
