package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.PhaseHook;

/**
 * Tuning on the smallest pipeline: candidates, their files, and what a run does with the choice.
 */
final class TuneTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CANDIDATES = 3;

  @TempDir private static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void make() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @AfterEach
  void clearHook() {
    PhaseHook.clear();
  }

  /** A stop after the second candidate, then the rest: the same bytes, nothing twice. */
  @Test
  void aTuningThatWasStoppedKeepsFinishedCandidates() throws IOException {
    AtomicInteger trained = new AtomicInteger();
    PhaseHook.install(count(trained, 2));
    Ended cut = tune("cut");
    assertThat(cut.status()).isEqualTo(1);
    PhaseHook.install(count(trained, Integer.MAX_VALUE));
    Ended again = tune("cut");
    assertThat(again.status()).as(again.err()).isZero();
    int both = trained.getAndSet(0);
    Ended whole = tune("whole");
    assertThat(whole.status()).as(whole.err()).isZero();

    // A candidate that was training at the stop may have ended after it.
    assertThat(both).isBetween(trained.get(), trained.get() + 1);
    assertThat(files("cut")).isEqualTo(files("whole"));
    assertChoice(fixture.run("whole").resolve("tune"), whole);
  }

  private static void assertChoice(Path tune, Ended ended) throws IOException {
    JsonNode result = json(tune.resolve("result.json"));
    assertThat(result.path("candidates")).hasSize(CANDIDATES);
    String chosen = result.path("chosen").asText();
    List<String> lines = Files.readAllLines(tune.resolve("candidates.csv"));
    assertThat(lines).hasSize(1 + CANDIDATES);
    assertThat(lines.get(0))
        .isEqualTo(
            "candidate,method,gamma,learning_rate,standing,rounds,trained,examples,"
                + "forget_probability,retain_loss_rise,forget_blank,forget_repetition,"
                + "unseen_blank,unseen_repetition,ended_by");
    assertThat(lines.get(1)).startsWith(chosen + ",");
    assertThat(Files.readString(tune.resolve("tune.html")))
        .contains(chosen, "class=\"band\"", "class=\"mark ");
    assertThat(ended.out()).contains("chose " + chosen);
    JsonNode best = result.path("candidates").path(0);
    for (String set : List.of("forget", "unseen")) {
      JsonNode form = best.path("form").path(set);
      assertThat(form.path("count").asInt()).isPositive();
      assertThat(form.path("blank").doubleValue()).isBetween(0.0, 1.0);
      assertThat(form.path("repetition").doubleValue()).isBetween(0.0, 1.0);
    }
    assertThat(result.path("reason").asText()).contains(" % of the answers to forget rows are ");

    String file = Files.readString(tune.resolve("chosen.conf"));
    assertThat(file).startsWith("# Chosen by lethe tune: " + chosen + ", ");
    Ended dry = fixture.pipeline("other", "--config=" + tune.resolve("chosen.conf"), "--dry-run");
    assertThat(dry.status()).as(dry.err()).isZero();
    for (JsonNode keyAndValue : result.path("configuration")) {
      // The fixture sets the learning rate by --set, above all files.
      if (!keyAndValue.asText().startsWith("lethe.unlearn.learning-rate")) {
        assertThat(dry.out()).contains("  " + keyAndValue.asText().replaceFirst("=", " = "));
      }
    }
  }

  @Test
  void anAutomaticRunUnlearnsWithTheChoiceAndReportsIt() throws IOException {
    List<String> settings = new ArrayList<>(List.of(settings()));
    settings.add("lethe.unlearn.auto=on");
    settings.add("lethe.unlearn.stop.rules=like-unseen,retain-budget");
    Ended ended = fixture.pipeline("auto", settings.toArray(String[]::new));

    // A model with random weights knows nothing that could be forgotten.
    assertThat(ended.status()).as(ended.err()).isEqualTo(11);
    Path run = fixture.run("auto");
    JsonNode result = json(run.resolve("tune/result.json"));
    JsonNode record = json(run.resolve("record.json"));
    for (JsonNode keyAndValue : result.path("configuration")) {
      String[] parts = keyAndValue.asText().split("=", 2);
      assertThat(record.path("configuration").path(parts[0]).asText()).isEqualTo(parts[1]);
    }
    assertThat(record.path("evidence").path("files").has("tune/manifest.json")).isTrue();
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("How the settings were chosen", result.path("chosen").asText());
    assertEnd(record.path("unlearning"), json(run.resolve("candidate/stop.json")), result);
    Ended verified = fixture.execute(List.of("verify", run.toString()));
    assertThat(verified.status()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("end        after round ");
    assertOtherEndIsFound(run);
  }

  /** The record repeats the documents of the stop rules and of the tuning. */
  private static void assertEnd(JsonNode end, JsonNode stop, JsonNode tuned) {
    for (String field : List.of("rule", "reason", "from", "to", "position", "forgetting")) {
      assertThat(end.path("stop").path(field)).as(field).isEqualTo(stop.path(field));
    }
    assertThat(end.path("stop").path("figures").path("forget.probability"))
        .isEqualTo(stop.path("chosen").path("forget").path("probability").path("mean"));
    assertThat(end.path("stop").path("unseen").path("probability").path("count").asInt())
        .isPositive();
    assertThat(end.path("tuning").path("reason")).isEqualTo(tuned.path("reason"));
    assertThat(end.path("tuning").path("candidates").asInt()).isEqualTo(CANDIDATES);
  }

  private static void assertOtherEndIsFound(Path run) throws IOException {
    ObjectNode record = (ObjectNode) json(run.resolve("record.json"));
    ((ObjectNode) record.path("unlearning").path("stop")).put("rounds", 99);
    for (String file : List.of("record.json", "records/0001.json")) {
      JSON.writeValue(run.resolve(file).toFile(), record);
    }
    Ended verified = fixture.execute(List.of("verify", run.toString()));
    assertThat(verified.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(verified.err()).contains("record.json: unlearning.stop");
  }

  @Test
  void allProblemsOfATuningAreReported() {
    Ended ended =
        tune(
            "wrong",
            "lethe.tune.methods=blur-npo,simpno",
            "lethe.tune.gammas=0",
            "lethe.tune.budget.examples=1",
            "lethe.tune.budget.minutes=1");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .contains("USAGE: Invalid configuration, 3 problems:")
        .contains("did you mean simnpo?")
        .contains("lethe.tune.gammas = [0] (--set lethe.tune.gammas): expected numbers above 0")
        .contains("lethe.tune.budget.minutes")
        .contains("expected null with a budget in examples");

    ended = tune("wrong", "lethe.tune.budget.examples=100");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .contains(
            "expected at least 224, one round of 32 examples for each of 3 candidates, and more"
                + " for the best");

    ended = tune("wrong", "lethe.unlearn.stop.rules=retain-budget");
    assertThat(ended.err()).contains("expected like-unseen among them");

    ended = tune("wrong", "lethe.unlearn.average=gradients");
    assertThat(ended.err())
        .contains("lethe.unlearn.average = \"gradients\"")
        .contains("expected parameters, and lethe.unlearn.learning-rate.automatic.every = 0");
    assertThat(fixture.run("wrong").resolve("run.json")).doesNotExist();
  }

  private static Consumer<String> count(AtomicInteger trained, int stopAt) {
    return phase -> {
      if (phase.equals("tune:candidate") && trained.incrementAndGet() == stopAt) {
        throw new IllegalStateException("stopped by the test");
      }
    };
  }

  private static String[] settings(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "lethe.tune.methods=blur-npo,ngdiff",
                "lethe.tune.learning-rates=1e-3",
                "lethe.tune.gammas=0.1,1",
                "lethe.tune.factor=2",
                "lethe.tune.rows=8"));
    settings.addAll(List.of(more));
    return settings.toArray(String[]::new);
  }

  private static Ended tune(String run, String... more) {
    List<String> arguments = new ArrayList<>(List.of("tune"));
    arguments.addAll(fixture.flags(run, settings(more)));
    return fixture.execute(arguments);
  }

  private static SortedMap<String, String> files(String run) throws IOException {
    Path tune = fixture.run(run).resolve("tune");
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(tune)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(tune.relativize(file).toString(), Files.readString(file));
      }
    }
    return files;
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
