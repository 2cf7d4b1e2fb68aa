package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.jobs.release.RunPurge;
import org.lethe.run.RunDirectory;

/** What is left of the text of a run, and what the record and verification say about it. */
final class RetentionTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String REFERENCE = "lethe.request-reference=TICKET-7";

  @TempDir static Path folder;

  private static PipelineFixture fixture;
  private static Path deleted;
  private static Path kept;

  @TempDir Path copies;

  @BeforeAll
  static void decideTwoRuns() throws IOException {
    fixture = new PipelineFixture(folder);
    Ended ended = fixture.pipeline("deleted", "lethe.run.retention=delete-on-release");
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains(" files with text deleted\n");
    deleted = fixture.run("deleted");
    ended =
        fixture.pipeline(
            "kept",
            "lethe.run.retention=30 days",
            "lethe.evaluate.max-new-tokens=40",
            REFERENCE,
            "lethe.legal-basis=Art. 17(1)(b) GDPR");
    assertThat(ended.status()).as(ended.err()).isZero();
    kept = fixture.run("kept");
  }

  @Test
  void noTextRemainsAfterADeletionOnRelease() throws IOException {
    assertNoText(deleted);
    JsonNode deletion = json(deleted.resolve("deletion.json"));
    assertThat(deletion.path("files").fieldNames())
        .toIterable()
        .contains("evaluation/after/rows.parquet", "shards/forget/worker-00000.parquet");
    Ended verified = fixture.execute(List.of("verify", deleted.toString()));
    assertThat(verified.status()).as(verified.err()).isZero();
    assertThat(verified.out())
        .contains("files with text by retention (delete-on-release) on ")
        .contains("their rows can no longer be computed again")
        .contains("read from the summaries; retention deleted the rows");
    verified = fixture.execute(List.of("verify", deleted.toString(), "--model"));
    assertThat(verified.out())
        .contains("after: nothing computed again; retention deleted the rows");
  }

  @Test
  void secondRunDoesNothing() {
    Ended again = fixture.pipeline("deleted", "lethe.run.retention=delete-on-release");
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.out()).contains("was decided before, and its text is deleted");
  }

  @Test
  void purgeDeletesOnceTheDaysAreOver() throws IOException {
    Path copy = copy(kept);
    RunDirectory directory = RunDirectory.at(copy.toString(), new Configuration());
    Instant created = Instant.parse(json(copy.resolve("record.json")).path("created").asText());
    assertThat(RunPurge.of(directory, created.plus(Duration.ofDays(30)).minusSeconds(1)))
        .startsWith("Nothing to delete before ");
    assertThat(copy.resolve("deletion.json")).doesNotExist();
    assertThat(RunPurge.of(directory, created.plus(Duration.ofDays(30)))).startsWith("Deleted: ");
    assertNoText(copy);
    assertThat(fixture.execute(List.of("verify", copy.toString())).status()).isZero();
    assertThat(RunPurge.of(directory, created.plus(Duration.ofDays(31)))).startsWith("Deleted: ");
  }

  @Test
  void purgeCommandKeepsWhatIsNotDue() {
    Ended ended = fixture.execute(List.of("purge", kept.toString()));
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("Nothing to delete before ");
    ended = fixture.execute(List.of("purge", folder.resolve("none").toString()));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err()).contains("No record in ");
  }

  @Test
  void changedDeletionIsFound() throws IOException {
    Path copy = copy(deleted);
    edit(copy, deletion -> deletion.put("retention", "keep"));
    assertEvidence(copy, "Evidence differs in deletion.json: retention is delete-on-release");

    copy = copy(deleted);
    edit(
        copy,
        deletion ->
            ((ObjectNode) deletion.path("files"))
                .put("evaluation/after/rows.parquet", "0".repeat(64)));
    assertEvidence(copy, "Evidence differs in deletion.json: files.evaluation/after/rows.parquet");

    copy = copy(deleted);
    edit(
        copy,
        deletion -> ((ObjectNode) deletion.path("files")).remove("evaluation/after/rows.parquet"));
    assertEvidence(copy, "Evidence is missing: evaluation/after/rows.parquet");

    copy = copy(deleted);
    Files.writeString(copy.resolve("evaluation/after/rows.parquet"), "text");
    assertEvidence(
        copy,
        "Evidence differs in deletion.json: existence of evaluation/after/rows.parquet is true");
  }

  @Test
  void invalidRetentionIsReported() {
    Ended ended = fixture.pipeline("other", "lethe.run.retention=soon");
    assertThat(ended.status()).isEqualTo(ExitClass.USAGE.status());
    assertThat(ended.err()).contains("keep, delete-on-release, or a number of days (30 days)");
    ended = fixture.pipeline("other", "lethe.legal-basis=" + "x".repeat(301));
    assertThat(ended.err()).contains("one line of at most 300 characters");
  }

  @Test
  void recordSaysWhatAControllerHasToDocument() throws IOException {
    JsonNode record = json(kept.resolve("record.json"));
    JsonNode accountability = record.path("accountability");
    assertThat(accountability.path("legal_basis").asText()).isEqualTo("Art. 17(1)(b) GDPR");
    assertThat(accountability.path("request_reference").asText()).isEqualTo("TICKET-7");
    // The random model does not stop, so no text is whole and the recall is not measured.
    assertThat(accountability.path("extraction").findValuesAsText("figure"))
        .containsExactly(
            "forget.exact-match",
            "forget.exact-memorisation",
            "forget.extraction-strength",
            "forget.probability");
    assertThat(accountability.path("copies").findValuesAsText("what"))
        .contains("given model", "weights of the run", "corpus, forget")
        .anyMatch(what -> what.startsWith("evaluated rows, "));
    assertThat(record.path("limits").toString())
        .contains("Attacks that were not tried: ")
        .contains("relearning")
        .contains("Answers are greedy, of at most 40 new tokens")
        .contains("Evaluated rows: 6 of forget, 6 of retain.");
  }

  @Test
  void modelCardHasTheFigures() throws IOException {
    String card = Files.readString(kept.resolve("model/README.md"));
    assertThat(card)
        .startsWith("---\nlibrary_name: transformers\npipeline_tag: text-generation\ntags:\n")
        .contains("| Legal basis | Art. 17(1)(b) GDPR |")
        .contains("| forget.loss | ")
        .contains("Opinion 28/2024")
        .contains("Attacks that were not tried");
    assertThat(json(kept.resolve("record.json")).path("output_model").has("README.md")).isTrue();
  }

  @Test
  void handOverHasModelCardAndRecord() throws IOException {
    Path target = copies.resolve("hand-over");
    List<String> arguments = new ArrayList<>(List.of("release", "--to", target.toString()));
    arguments.addAll(
        fixture.flags(
            "kept",
            "lethe.run.retention=30 days",
            "lethe.evaluate.max-new-tokens=40",
            REFERENCE,
            "lethe.legal-basis=Art. 17(1)(b) GDPR"));
    Ended ended = fixture.execute(arguments);
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(target.resolve("record.json")).hasSameBinaryContentAs(kept.resolve("record.json"));
    for (String file : List.of("README.md", "model.safetensors", "config.json", "tokenizer.json")) {
      assertThat(target.resolve(file)).hasSameBinaryContentAs(kept.resolve("model/" + file));
    }
    ended = fixture.execute(arguments);
    assertThat(ended.status()).as(ended.err()).isZero();

    Files.writeString(target.resolve("record.json"), "{}");
    ended = fixture.execute(arguments);
    assertThat(ended.status()).isEqualTo(ExitClass.CONFLICT.status());
    assertThat(ended.err()).contains("it has other files; name a new or an empty folder");
  }

  @Test
  void handOverNeedsTheRunDirectoryAlone() throws IOException {
    Path target = copies.resolve("hand-over-alone");
    Ended ended =
        fixture.execute(
            List.of("release", "--run-dir", kept.toString(), "--to", target.toString()));
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(target.resolve("record.json")).hasSameBinaryContentAs(kept.resolve("record.json"));
  }

  @Test
  void changedStatementsAreFound() throws IOException {
    for (String field : List.of("legal_basis", "request_reference", "likelihood_of_extraction")) {
      Path copy = copy(kept);
      editRecord(copy, record -> ((ObjectNode) record.path("accountability")).put(field, "other"));
      assertEvidence(copy, "Evidence differs in record.json: accountability." + field + " is ");
    }
    Path copy = copy(kept);
    editRecord(
        copy,
        record ->
            ((ObjectNode) record.path("accountability").path("extraction").get(0))
                .put("after", -1.0));
    assertEvidence(copy, "Evidence differs in record.json: accountability.extraction.forget.");

    copy = copy(kept);
    Files.writeString(copy.resolve("model/README.md"), "other");
    assertEvidence(copy, "Evidence differs in model/README.md: SHA-256 (named by record.json) is ");
  }

  private static void assertNoText(Path run) throws IOException {
    String canary =
        JSON.readTree(Files.readAllLines(fixture.corpus("forget")).get(0)).path("output").asText();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file.toString()).doesNotContain(".parquet");
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(canary);
      }
    }
  }

  private static void assertEvidence(Path run, String message) {
    Ended ended = fixture.execute(List.of("verify", run.toString()));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err()).contains(message);
  }

  private static void edit(Path run, Consumer<ObjectNode> change) throws IOException {
    Forger.edit(run.resolve("deletion.json"), change);
  }

  private static void editRecord(Path run, Consumer<ObjectNode> change) throws IOException {
    Forger.edit(run.resolve(Forger.LAST), change);
    Files.write(run.resolve(Forger.RECORD), Files.readAllBytes(run.resolve(Forger.LAST)));
  }

  private Path copy(Path run) throws IOException {
    Path copy = Files.createTempDirectory(copies, "copy");
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(run.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return copy;
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
