package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.lethe.jobs.Forger.LAST;
import static org.lethe.jobs.Forger.RECORD;
import static org.lethe.jobs.Forger.digest;
import static org.lethe.jobs.Forger.edit;
import static org.lethe.jobs.Forger.recited;
import static org.lethe.jobs.Forger.rewriteRows;
import static org.lethe.jobs.Forger.seal;
import static org.lethe.jobs.Forger.with;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.audit.RunVerification;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.Metric;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.Digests;
import org.lethe.run.RunDirectory;
import org.lethe.run.evidence.Attestations;
import org.lethe.run.evidence.Keys;

/** Every way of tampering with a finished run, and what verification says about it. */
final class VerifyTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path folder;

  private static PipelineFixture fixture;
  private static Path run;
  private static KeyPair keys;

  @TempDir Path copies;

  @BeforeAll
  static void releaseOneSignedRun() throws IOException, GeneralSecurityException {
    fixture = new PipelineFixture(folder);
    keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    pem("private.pem", "PRIVATE KEY", keys.getPrivate().getEncoded());
    pem("public.pem", "PUBLIC KEY", keys.getPublic().getEncoded());
    Ended ended = fixture.pipeline("run", settings());
    assertThat(ended.status()).as(ended.err()).isZero();
    run = fixture.run("run");
  }

  private static String[] settings() {
    return new String[] {
      "lethe.evaluate.max-new-tokens=40",
      "lethe.gates.forget.loss.at-least=0",
      "lethe.gates.retain.loss.at-most-share-of-before=2",
      "lethe.release.signing-key=" + folder.resolve("private.pem")
    };
  }

  private static void pem(String name, String kind, byte[] encoded) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
  }

  @Test
  void copyOfAnUntouchedRunIsVerified() throws IOException {
    Path copy = copy();
    Ended ended =
        fixture.execute(
            List.of("verify", copy.toString(), "--key", folder.resolve("public.pem").toString()));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("record     RELEASED of ")
        .contains("computed again from 24 rows")
        .contains("gates      2 decided again")
        .contains("signature  valid for the given key")
        .endsWith("verified: everything is as recorded\n");
    assertThat(fixture.execute(List.of("verify", copy.toString())).out())
        .contains("signature  not checked; give the public key with --key");
    Files.delete(copy.resolve(Attestations.FILE));
    assertThat(fixture.execute(List.of("verify", copy.toString())).out())
        .contains("signature  none: this run is unsigned");
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
  void changedTimeOfASignedRunIsFoundWithoutAKey() throws IOException {
    assertRecordDiffers(
        record -> record.put("created", "2999-01-01T00:00:00Z"),
        "Evidence differs in attestations.jsonl: runDetails.metadata.finishedOn is"
            + " 2999-01-01T00:00:00Z, expected ");
  }

  @Test
  void emptiedEvidenceIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("evidence")).putObject("files"),
        "record.json names no evidence, so nothing can be verified");
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
  void recordThatDiffersFromItsNumberedCopyIsFound() throws IOException {
    Path copy = copy();
    edit(copy.resolve(RECORD), record -> record.put("run_id", "other"));
    assertEvidence(
        copy, "Evidence differs in records/0001.json: SHA-256 (named by record.json) is ");
  }

  @Test
  void deletedRecordIsFound() throws IOException {
    Path copy = copy();
    Files.delete(copy.resolve(RECORD));
    assertEvidence(copy, "No record in ");

    copy = copy();
    Files.delete(copy.resolve(LAST));
    assertEvidence(copy, "Evidence is missing: records/0001.json, which record.json names");
  }

  @Test
  void deletedEarlierRecordIsFound() throws IOException {
    Path copy = copy();
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
    assertEvidence(
        copy, "Evidence differs in records/0001.json: SHA-256 (named by records/0002.json)");
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
      Path copy = copy();
      byte[] bytes = Files.readAllBytes(copy.resolve(file));
      bytes[bytes.length / 2] ^= 1;
      Files.write(copy.resolve(file), bytes);
      assertEvidence(copy, "Evidence differs in " + file + ": SHA-256 (named by ");
    }
  }

  @Test
  void emptiedMetricsAreFound() throws IOException {
    Path copy = copy();
    Files.writeString(copy.resolve("metrics/rounds.jsonl"), "");
    assertEvidence(
        copy, "Evidence differs in metrics/rounds.jsonl: SHA-256 (named by record.json)");
  }

  @Test
  void deletedFileIsFound() throws IOException {
    for (String file : List.of("evaluation/after/rows.parquet", "model/model.safetensors")) {
      Path copy = copy();
      Files.delete(copy.resolve(file));
      assertEvidence(copy, "Evidence is missing: " + file + ", which record.json names");
    }
  }

  @Test
  void changedSummaryIsFoundEvenIfAllDigestsAgree() throws IOException {
    Path copy = copy();
    Path summary = copy.resolve("evaluation/after/summary.json");
    edit(
        summary,
        document ->
            ((ObjectNode) document.path("sets").path("forget").path("figures").path("loss"))
                .put("high", 99.5));
    seal(copy);
    assertEvidence(
        copy,
        "Evidence differs in evaluation/after/summary.json:"
            + " sets.forget.figures.loss.high is ");
  }

  @Test
  void changedMetricOfARowIsFoundEvenIfAllDigestsAgree() throws IOException {
    Path copy = copy();
    rewriteRows(copy, row -> with(row, row.generated().orElse(""), Metric.ROUGE_L_RECALL, 0.125));
    seal(copy);
    assertEvidence(copy, "Evidence differs in evaluation/after/rows.parquet: row forget/");
  }

  /** Texts, rows, summary, manifest and record agree with each other: only a signature helps. */
  @Test
  void consistentForgeryIsCaughtByTheSignatureAlone() throws IOException {
    Path copy = copy();
    rewriteRows(copy, row -> recited(row, ""));
    seal(copy);

    assertThat(verify(copy)).contains("gates      2 decided again");
    RunDirectory directory = directory(copy);
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(
            () ->
                new Attestations(directory)
                    .verify(Keys.verifier(folder.resolve("public.pem").toString())))
        .withMessage(
            "Invalid signature in attestations.jsonl: it signs another record.json; the record or"
                + " its signature was changed, or another key signed it")
        .satisfies(e -> assertThat(e.exitClass()).isEqualTo(ExitClass.EVIDENCE));
  }

  @Test
  void changedOrForeignSignatureIsRefused() throws IOException, GeneralSecurityException {
    String publicKey = folder.resolve("public.pem").toString();
    Path copy = copy();
    List<String> lines = Files.readAllLines(copy.resolve(Attestations.FILE));
    ObjectNode envelope = (ObjectNode) JSON.readTree(lines.get(1));
    String payload =
        new String(
                Base64.getDecoder().decode(envelope.path("payload").asText()),
                StandardCharsets.UTF_8)
            .replace("RELEASED", "REFUSED");
    envelope.put(
        "payload", Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8)));
    Files.writeString(copy.resolve(Attestations.FILE), lines.get(0) + "\n" + envelope + "\n");
    Ended ended = fixture.execute(List.of("verify", copy.toString(), "--key", publicKey));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err())
        .startsWith(
            "EVIDENCE: Invalid signature in attestations.jsonl: no signature belongs to this key"
                + " and statement");

    KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
    curve.initialize(256);
    KeyPair other = curve.generateKeyPair();
    pem("other.pem", "PUBLIC KEY", other.getPublic().getEncoded());
    ended =
        fixture.execute(
            List.of("verify", run.toString(), "--key", folder.resolve("other.pem").toString()));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());

    Files.delete(copy.resolve(Attestations.FILE));
    ended = fixture.execute(List.of("verify", copy.toString(), "--key", publicKey));
    assertThat(ended.err()).startsWith("EVIDENCE: No signature in ");
  }

  @Test
  void secondRunWritesNoSecondRecord() throws IOException {
    byte[] record = Files.readAllBytes(run.resolve(RECORD));
    assertThat(fixture.pipeline("run", settings()).status()).isZero();
    assertThat(Files.readAllBytes(run.resolve(RECORD))).isEqualTo(record);
    assertThat(run.resolve("records/0002.json")).doesNotExist();
  }

  @Test
  void secondRunRefusesAFalsifiedRecordAndModel() throws IOException {
    Path copy = copy();
    edit(
        copy.resolve(RECORD),
        record -> ((ObjectNode) record.path("after")).put("forget.loss", 9.5));
    byte[] falsified = Files.readAllBytes(copy.resolve(RECORD));
    Ended ended = fixture.pipelineAt(copy.toString(), settings());
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err()).contains("differs from records/0001.json, although Lethe writes both");
    assertThat(Files.readAllBytes(copy.resolve(RECORD))).isEqualTo(falsified);

    copy = copy();
    byte[] model = Files.readAllBytes(copy.resolve("model/model.safetensors"));
    model[model.length - 1] ^= 1;
    Files.write(copy.resolve("model/model.safetensors"), model);
    ended = fixture.pipelineAt(copy.toString(), settings());
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(Files.readAllBytes(copy.resolve("model/model.safetensors"))).isEqualTo(model);
  }

  @Test
  void newDecisionIsANewRecordThatNamesTheOneBefore() throws IOException {
    Path copy = copy();
    Ended ended =
        fixture.pipelineAt(
            copy.toString(),
            "lethe.evaluate.max-new-tokens=40",
            "lethe.gates.forget.loss.at-least=100");
    assertThat(ended.status()).as(ended.err()).isEqualTo(ExitClass.GATE.status());
    JsonNode record = JSON.readTree(copy.resolve(RECORD).toFile());
    assertThat(record.path("decision").asText()).isEqualTo("REFUSED");
    assertThat(record.path("evidence").path("previous").path("file").asText()).isEqualTo(LAST);
    assertThat(record.path("evidence").path("previous").path("sha256").asText())
        .isEqualTo(Digests.of(Files.readAllBytes(run.resolve(LAST))));
    assertThat(copy.resolve(LAST)).hasSameBinaryContentAs(run.resolve(LAST));
    assertThat(verify(copy)).anyMatch(line -> line.startsWith("record     REFUSED of "));
  }

  private static void assertEvidence(Path directory, String message) {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> verify(directory))
        .withMessageStartingWith(message)
        .satisfies(e -> assertThat(e.exitClass()).isEqualTo(ExitClass.EVIDENCE));
  }

  /** Changes record.json and its numbered copy alike. */
  private void assertRecordDiffers(Consumer<ObjectNode> change, String message) throws IOException {
    Path copy = copy();
    edit(copy.resolve(LAST), change);
    Files.copy(copy.resolve(LAST), copy.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
    assertEvidence(copy, message);
  }

  private static List<String> verify(Path directory) {
    return RunVerification.verify(directory(directory), new Configuration());
  }

  private static RunDirectory directory(Path path) {
    return RunDirectory.at(path.toString(), new Configuration());
  }

  private Path copy() throws IOException {
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

  private static String oneShard() throws IOException {
    try (Stream<Path> files = Files.walk(run.resolve("shards"))) {
      return run.resolve("shards")
          .relativize(
              files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList().get(0))
          .toString();
    }
  }
}
