package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lethe.jobs.Forger.LAST;
import static org.lethe.jobs.Forger.RECORD;
import static org.lethe.jobs.Forger.asked;
import static org.lethe.jobs.Forger.changeRows;
import static org.lethe.jobs.Forger.digest;
import static org.lethe.jobs.Forger.edit;
import static org.lethe.jobs.Forger.rewriteRows;
import static org.lethe.jobs.Forger.seal;
import static org.lethe.jobs.Forger.unsigned;
import static org.lethe.jobs.Forger.with;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.evaluation.Metric;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.Documents;
import org.lethe.run.evidence.Attestations;
import org.lethe.run.retention.Deletion;

/** Every way of tampering with the files that a record rests on. */
final class FileTamperingTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path folder;

  private static SignedRun run;

  @TempDir Path copies;

  @BeforeAll
  static void releaseOneSignedRun() throws IOException, GeneralSecurityException {
    run = SignedRun.release(folder);
  }

  @Test
  void flippedBitIsFoundWhereverItIs() throws IOException {
    for (String file :
        List.of(
            "model/model.safetensors",
            "model/config.json",
            "candidate/model/model.safetensors",
            "shards/" + oneShard(),
            "shards/report.json",
            "evaluation/before/rows.parquet",
            "evaluation/after/summary.json",
            "evaluation/after/manifest.json",
            "candidate/manifest.json",
            "metrics/rounds.jsonl",
            "run.json")) {
      Path copy = run.copy(copies);
      byte[] bytes = Files.readAllBytes(copy.resolve(file));
      bytes[bytes.length / 2] ^= 1;
      Files.write(copy.resolve(file), bytes);
      SignedRun.assertEvidence(copy, "Evidence differs in " + file + ": SHA-256 (named by ");
    }
  }

  @Test
  void emptiedMetricsAreFound() throws IOException {
    Path copy = run.copy(copies);
    Files.writeString(copy.resolve("metrics/rounds.jsonl"), "");
    SignedRun.assertEvidence(
        copy, "Evidence differs in metrics/rounds.jsonl: SHA-256 (named by record.json)");
  }

  @Test
  void deletedFileIsFound() throws IOException {
    for (String file : List.of("evaluation/after/rows.parquet", "model/model.safetensors")) {
      Path copy = run.copy(copies);
      Files.delete(copy.resolve(file));
      SignedRun.assertEvidence(copy, "Evidence is missing: " + file + ", which record.json names");
    }
  }

  @Test
  void changedSummaryIsFoundEvenIfAllDigestsAgree() throws IOException {
    Path copy = run.copy(copies);
    Path summary = copy.resolve("evaluation/after/summary.json");
    edit(
        summary,
        document ->
            ((ObjectNode) document.path("sets").path("forget").path("figures").path("loss"))
                .put("high", 99.5));
    seal(copy);
    SignedRun.assertEvidence(
        copy,
        "Evidence differs in evaluation/after/summary.json:"
            + " sets.forget.figures.loss.high is ");
  }

  @Test
  void changedMetricOfARowIsFoundEvenIfAllDigestsAgree() throws IOException {
    Path copy = run.copy(copies);
    rewriteRows(copy, row -> with(row, row.generated().orElse(""), Metric.ROUGE_L_RECALL, 0.125));
    seal(copy);
    SignedRun.assertEvidence(
        copy, "Evidence differs in evaluation/after/rows.parquet: row forget/");
  }

  /** The figures are those of a good model, but another one is released. */
  @Test
  void modelThatWasNotEvaluatedIsFoundEvenIfAllDigestsAgree() throws IOException {
    Path copy = run.copy(copies);
    for (String model : List.of("model", "candidate/model")) {
      Path weights = copy.resolve(model + "/model.safetensors");
      byte[] bytes = Files.readAllBytes(weights);
      bytes[bytes.length - 1] ^= 1;
      Files.write(weights, bytes);
    }
    String other = digest(copy.resolve("model/model.safetensors"));
    Path manifest = copy.resolve("candidate/manifest.json");
    edit(
        manifest,
        document -> ((ObjectNode) document.path("outputs")).put("model/model.safetensors", other));
    edit(
        copy.resolve(LAST),
        record -> {
          ((ObjectNode) record.path("output_model")).put("model.safetensors", other);
          ((ObjectNode) record.path("evidence").path("files"))
              .put("candidate/manifest.json", digest(manifest));
        });
    Files.copy(copy.resolve(LAST), copy.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
    SignedRun.assertEvidence(
        copy, "Evidence differs in evaluation/after/manifest.json: inputs.model is ");
  }

  @Test
  void leftOutRowIsFoundEvenIfAllDigestsAgree() throws IOException {
    Path copy = run.copy(copies);
    String[] first = {""};
    changeRows(
        copy,
        row -> {
          first[0] = first[0].isEmpty() ? row.id() : first[0];
          return row.id().equals(first[0]) ? Optional.empty() : Optional.of(row);
        });
    seal(copy);
    SignedRun.assertEvidence(
        copy,
        "Evidence differs in evaluation/after/rows.parquet: number of rows of forget is 5,"
            + " expected 6");
  }

  @Test
  void changedQuestionOfARowIsFoundEvenIfAllDigestsAgree() throws IOException {
    Path copy = run.copy(copies);
    rewriteRows(copy, row -> asked(row, "How are you?"));
    seal(copy);
    SignedRun.assertEvidence(
        copy, "Evidence differs in evaluation/after/rows.parquet: task and texts of row forget/");
  }

  /** Nothing in the configuration says that text is deleted. */
  @Test
  void deletionThatNobodyConfiguredIsFound() throws IOException {
    Path copy = run.copy(copies);
    String rows = "evaluation/after/rows.parquet";
    forgeDeletion(copy, "keep", rows);
    SignedRun.assertEvidence(
        copy,
        "Evidence differs in deletion.json: time is 2999-01-01T00:00:00Z, expected a time that is"
            + " not before never, by the record that it names");

    copy = run.copy(copies);
    forgeDeletion(copy, "keep", "metrics/rounds.jsonl");
    SignedRun.assertEvidence(
        copy,
        "Evidence differs in deletion.json: holding of text by metrics/rounds.jsonl is false,"
            + " expected true");

    copy = run.copy(copies);
    Files.delete(copy.resolve(rows));
    edit(
        copy.resolve(LAST),
        record -> ((ObjectNode) record.path("evidence")).putArray("deleted").add(rows));
    Files.copy(copy.resolve(LAST), copy.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
    SignedRun.assertEvidence(
        copy,
        "Evidence differs in record.json: evidence.deleted beside the key lethe.run.retention");
  }

  private static void forgeDeletion(Path copy, String retention, String file) throws IOException {
    Deletion forged =
        new Deletion(
            Deletion.FORMAT,
            JSON.readTree(copy.resolve(RECORD).toFile()).path("run_id").asText(),
            digest(copy.resolve(RECORD)),
            "2999-01-01T00:00:00Z",
            retention,
            new TreeMap<>(Map.of(file, digest(copy.resolve(file)))));
    Documents.write(
        SignedRun.open(copy).fileSystem(), SignedRun.open(copy).below(Deletion.FILE), forged);
    Files.delete(copy.resolve(file));
  }

  @Test
  void changedReportOrModelCardIsFound() throws IOException {
    Path copy = run.copy(copies);
    Path report = copy.resolve("report.html");
    Files.writeString(report, Files.readString(report).replace("Lethe", "Oblivion"));
    assertDocumentDiffers(copy, "report.html");

    copy = run.copy(copies);
    Files.delete(copy.resolve(Attestations.FILE));
    unsigned(copy);
    Path card = copy.resolve("model/README.md");
    Files.writeString(card, Files.readString(card) + "\nNothing can be extracted.\n");
    edit(
        copy.resolve(LAST),
        record -> ((ObjectNode) record.path("output_model")).put("README.md", digest(card)));
    Files.copy(copy.resolve(LAST), copy.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
    Files.delete(copy.resolve("report.html"));
    assertDocumentDiffers(copy, "model/README.md");
  }

  private static void assertDocumentDiffers(Path copy, String file) {
    Ended ended = run.fixture().execute(List.of("verify", copy.toString()));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err())
        .startsWith(
            "EVIDENCE: Evidence differs in "
                + file
                + ": SHA-256 (of what follows from record.json) is ");
  }

  private static String oneShard() throws IOException {
    try (Stream<Path> files = Files.walk(run.directory().resolve("shards"))) {
      return run.directory()
          .resolve("shards")
          .relativize(
              files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList().get(0))
          .toString();
    }
  }
}
