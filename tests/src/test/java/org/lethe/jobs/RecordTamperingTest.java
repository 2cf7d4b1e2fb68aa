package org.lethe.jobs;

import static org.lethe.jobs.Forger.LAST;
import static org.lethe.jobs.Forger.RECORD;
import static org.lethe.jobs.Forger.digest;
import static org.lethe.jobs.Forger.edit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way of tampering with the record of a run, and what verification says about it. */
final class RecordTamperingTest {
  @TempDir static Path folder;

  private static SignedRun run;

  @TempDir Path copies;

  @BeforeAll
  static void releaseOneSignedRun() throws IOException, GeneralSecurityException {
    run = SignedRun.release(folder);
  }

  @Test
  void changedFigureOfTheRecordIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("after")).put("forget.loss", 9.5),
        "Evidence differs in record.json: after.forget.loss is ");
  }

  @Test
  void removedFigureOfTheRecordIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("after")).remove("retain.loss"),
        "Evidence differs in record.json: after.retain.loss is ");
  }

  @Test
  void changedGateIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("gates").get(0)).put("limit", 99.0),
        "Evidence differs in record.json: gates.forget.loss.at-least is 0.0, expected 99.0");
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("gates").get(0)).put("passed", false),
        "Evidence differs in record.json: gates.forget.loss is Outcome[");
    assertRecordDiffers(
        record -> ((ArrayNode) record.path("gates")).remove(1),
        "Evidence differs in record.json: gates.retain.loss.at-most-share-of-before is 2.0,"
            + " expected nothing");
  }

  @Test
  void changedDecisionIsFound() throws IOException {
    assertRecordDiffers(
        record -> record.put("decision", "REFUSED"),
        "Evidence differs in record.json: decision is RELEASED, expected REFUSED");
  }

  @Test
  void changedDigestIsFound() throws IOException {
    String other = "0".repeat(64);
    assertRecordDiffers(
        record ->
            ((ObjectNode) record.path("evidence").path("files"))
                .put("evaluation/after/rows.parquet", other),
        "Evidence differs in evaluation/after/rows.parquet: SHA-256 (named by record.json) is ");
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("output_model")).put("model.safetensors", other),
        "Evidence differs in model/model.safetensors: SHA-256 (named by record.json) is ");
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("input_model")).put("model.safetensors", other),
        "Evidence differs in record.json: evidence.base_model.model.safetensors is " + other);
    assertRecordDiffers(
        record -> record.put("configuration_digest", other),
        "Evidence differs in record.json: configuration_digest is ");
  }

  @Test
  void changedIntervalOrCountIsFound() throws IOException {
    assertRecordDiffers(
        record ->
            ((ObjectNode) record.path("evidence").path("intervals").path("after.forget.loss"))
                .put("low", -1.0),
        "Evidence differs in record.json: evidence.intervals.after.forget.loss is Interval[");
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("counts")).put("forget: used", 7),
        "Evidence differs in record.json: counts.forget: used is ");
  }

  @Test
  void changedConfigurationIsFound() throws IOException {
    assertRecordDiffers(
        record -> {
          ObjectNode configuration = (ObjectNode) record.path("configuration");
          configuration.put("lethe.gates.forget.loss.at-least", "-5");
          record.put("configuration_digest", digest(configuration));
        },
        "Evidence differs in record.json: configuration.lethe.gates.forget.loss.at-least is 0,"
            + " expected -5");
  }

  @Test
  void changedExampleIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("examples").get(0).path("after")).put("loss", 8.25),
        "Evidence differs in record.json: examples.");
  }

  @Test
  void removedExampleIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ArrayNode) record.path("examples")).remove(0),
        "Evidence differs in record.json: examples is [forget/");
  }

  @Test
  void changedWordsAreFound() throws IOException {
    assertRecordDiffers(
        record -> record.put("statement", "A certificate of erasure."),
        "Evidence differs in record.json: statement is A record of erasure work and of the evidence"
            + " measured on it; not a certificate of erasure., expected A certificate of erasure.");
    assertRecordDiffers(
        record -> record.put("request_id", "other"),
        "Evidence differs in run.json: request_id is , expected other");
    assertRecordDiffers(
        record -> ((ArrayNode) record.path("limits")).remove(2),
        "Evidence differs in record.json: limits is [The figures hold for the rows");
  }

  @Test
  void removedCopyIsFound() throws IOException {
    assertCopyIsMissed("given model");
    assertCopyIsMissed("weights of the run");
    assertCopyIsMissed("corpus, forget");
    assertCopyIsMissed("evaluated rows, 2 files");
  }

  private void assertCopyIsMissed(String what) throws IOException {
    assertRecordDiffers(
        record -> {
          ArrayNode copies = (ArrayNode) record.path("accountability").path("copies");
          for (int i = copies.size() - 1; i >= 0; i--) {
            if (copies.get(i).path("what").asText().equals(what)) {
              copies.remove(i);
            }
          }
        },
        "Evidence differs in record.json: accountability.copies: " + what);
  }

  @Test
  void removedEvidenceIsFound() throws IOException {
    for (String file : List.of("run.json", "metrics/rounds.jsonl", "metrics/program.json")) {
      assertRecordDiffers(
          record -> ((ObjectNode) record.path("evidence").path("files")).remove(file),
          "Evidence is not named: " + file + ", which the field evidence.files of record.json");
    }
  }

  /** Without run.json, nothing would show a changed configuration. */
  @Test
  void deletedConfigurationOfTheRunIsFound() throws IOException {
    Path copy = run.copy(copies);
    Files.delete(copy.resolve("run.json"));
    edit(
        copy.resolve(LAST),
        record -> ((ObjectNode) record.path("evidence").path("files")).remove("run.json"));
    Files.copy(copy.resolve(LAST), copy.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
    SignedRun.assertEvidence(copy, "Evidence is not named: run.json");
  }

  @Test
  void emptiedEvidenceIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("evidence")).putObject("files"),
        "record.json names no evidence, so nothing can be verified");
  }

  @Test
  void recordThatDiffersFromItsNumberedCopyIsFound() throws IOException {
    Path copy = run.copy(copies);
    edit(copy.resolve(RECORD), record -> record.put("run_id", "other"));
    SignedRun.assertEvidence(
        copy, "Evidence differs in records/0001.json: SHA-256 (named by record.json) is ");
  }

  @Test
  void deletedRecordIsFound() throws IOException {
    Path copy = run.copy(copies);
    Files.delete(copy.resolve(RECORD));
    SignedRun.assertEvidence(copy, "No record in ");

    copy = run.copy(copies);
    Files.delete(copy.resolve(LAST));
    SignedRun.assertEvidence(
        copy, "Evidence is missing: records/0001.json, which record.json names");
  }

  @Test
  void deletedEarlierRecordIsFound() throws IOException {
    Path copy = run.copy(copies);
    Files.copy(copy.resolve(LAST), copy.resolve("records/0002.json"));
    edit(
        copy.resolve("records/0002.json"),
        record ->
            ((ObjectNode) record.path("evidence"))
                .putObject("previous")
                .put("file", LAST)
                .put("sha256", "0".repeat(64)));
    Files.copy(
        copy.resolve("records/0002.json"),
        copy.resolve(RECORD),
        StandardCopyOption.REPLACE_EXISTING);
    SignedRun.assertEvidence(
        copy, "Evidence differs in records/0001.json: SHA-256 (named by records/0002.json)");
  }

  private void assertRecordDiffers(Consumer<ObjectNode> change, String message) throws IOException {
    run.assertRecordDiffers(copies, change, message);
  }
}
