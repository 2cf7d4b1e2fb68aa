package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;

/** The erase command: plain flags over conf/erase.conf. */
final class EraseTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path README =
      Path.of(System.getProperty("lethe.repository")).resolve("README.md");

  @TempDir private static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void make() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  /** A model with random weights knows nothing, so the run ends with NO_BASELINE. */
  @Test
  void theCommandOfTheReadmeRuns() throws IOException {
    List<String> words = commandOfReadme("readme");
    // Fewer and shorter rounds; the command itself needs no other flag.
    words.addAll(
        List.of("--set", "lethe.unlearn.rounds=1", "--set", "lethe.unlearn.local-steps=1"));
    words.addAll(List.of("--set", "lethe.shard.max-length=96"));
    Ended ended = fixture.execute(words);

    assertThat(ended.status()).as(ended.err()).isEqualTo(11);
    JsonNode record = json(fixture.run("readme").resolve("record.json"));
    assertThat(record.path("run_id").asText()).isEqualTo("erase");
    assertThat(record.path("gates")).isNotEmpty();
    assertThat(record.path("configuration").path("lethe.model.path").asText())
        .isEqualTo(fixture.model().toString());
  }

  @Test
  void theCommandOfTheReadmeNeedsNoOtherKey() throws IOException {
    List<String> words = commandOfReadme("dry");
    words.add("--dry-run");
    Ended ended = fixture.execute(words);

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .startsWith("Dry run of 'erase'")
        .contains("  lethe.model.path = " + fixture.model())
        .contains("  lethe.corpus.forget = [\"" + fixture.corpus("forget") + "\"]")
        .contains("  lethe.corpus.retain = [\"" + fixture.corpus("retain") + "\"]")
        .contains("  lethe.gates.forget.probability.like-unseen = ");
    assertThat(fixture.run("dry")).doesNotExist();
  }

  @Test
  void keysAndFilesOverrideFlags() throws IOException {
    Path file = folder.resolve("own.conf");
    Files.writeString(file, "lethe.unlearn.rounds = 7, lethe.corpus.retain = [\"other.jsonl\"]");
    List<String> words = commandOfReadme("keys");
    words.addAll(List.of("--config", file.toString(), "--set", "lethe.corpus.forget=a.jsonl"));
    words.add("--dry-run");
    Ended ended = fixture.execute(words);

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.err()).contains("a.jsonl", "other.jsonl");
  }

  @Test
  void flagsMayRepeatAndHoldCommas() throws IOException {
    Path first = Files.copy(fixture.corpus("forget"), folder.resolve("a,b [1].jsonl"));
    Ended ended =
        fixture.execute(
            List.of(
                "erase",
                "--model=" + fixture.model(),
                "--forget=" + first,
                "--forget=" + fixture.corpus("forget"),
                "--retain=" + fixture.corpus("retain"),
                "--run-dir=" + fixture.run("commas"),
                "--dry-run"));

    assertThat(ended.out())
        .contains("lethe.corpus.forget = [\"" + first + "\",\"" + fixture.corpus("forget") + "\"]");
  }

  @Test
  void allMissingFlagsAreReportedTogether() {
    Ended ended = fixture.execute(List.of("erase", "--set", "lethe.unlearn.rounds=none"));

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("USAGE: Invalid configuration, 5 problems:")
        .contains("lethe.run-dir is not set; give the run directory, for example --run-dir RUN")
        .contains(
            "lethe.model.path is not set; give the model directory, for example --model MODEL")
        .contains(
            "lethe.corpus.forget is empty; give the files to forget, for example --forget FORGET"
                + " or --cards CARDS")
        .contains(
            "lethe.corpus.retain is empty; give the files to keep, for example --retain RETAIN")
        .contains("lethe.unlearn.rounds = none");
  }

  @Test
  void aMisspeltFlagHasASuggestion() {
    Ended ended = fixture.execute(List.of("erase", "--froget", "a.jsonl", "--modle=m"));

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .contains("Unknown option", "--froget: did you mean --forget?")
        .contains("--modle: did you mean --model?")
        .contains("Try 'lethe erase --help'.");
  }

  @Test
  void cardsTakeThePlaceOfForgetRows() throws IOException {
    Path cards = Files.writeString(folder.resolve("cards.json"), "[]");
    List<String> words = new ArrayList<>(List.of("erase", "--model", fixture.model().toString()));
    words.addAll(List.of("--retain", fixture.corpus("retain").toString()));
    words.addAll(List.of("--run-dir", fixture.run("cards").toString(), "--dry-run"));
    words.addAll(List.of("--cards", cards.toString()));
    Ended ended = fixture.execute(words);
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("lethe.pipeline.stages = [\"reveal\",\"shard\",\"unlearn\",");

    words.addAll(List.of("--forget", fixture.corpus("forget").toString()));
    ended = fixture.execute(words);
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("expected none where lethe.reveal.cards are given");
  }

  /** The first erase command of README.md, with the fixture's paths. */
  private static List<String> commandOfReadme(String run) throws IOException {
    String line;
    try (Stream<String> lines = Files.lines(README)) {
      line = lines.filter(l -> l.contains("jobs/bin/lethe erase ")).findFirst().orElseThrow();
    }
    List<String> words = new ArrayList<>();
    for (String word : line.strip().split(" ")) {
      words.add(
          switch (word) {
            case "MODEL" -> fixture.model().toString();
            case "FORGET" -> fixture.corpus("forget").toString();
            case "RETAIN" -> fixture.corpus("retain").toString();
            case "RUN" -> fixture.run(run).toString();
            default -> word;
          });
    }
    assertThat(words.remove(0)).isEqualTo("jobs/bin/lethe");
    return words;
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
