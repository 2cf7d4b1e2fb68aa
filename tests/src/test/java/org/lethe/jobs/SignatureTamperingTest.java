package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.lethe.jobs.Forger.recited;
import static org.lethe.jobs.Forger.rewriteRows;
import static org.lethe.jobs.Forger.seal;
import static org.lethe.jobs.Forger.unsigned;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.RunDirectory;
import org.lethe.run.evidence.Attestations;
import org.lethe.run.evidence.Keys;

/** Tampering with a signed run and with its signature. */
final class SignatureTamperingTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path folder;

  private static SignedRun run;

  @TempDir Path copies;

  @BeforeAll
  static void releaseOneSignedRun() throws IOException, GeneralSecurityException {
    run = SignedRun.release(folder);
  }

  /** Texts, rows, summary, manifest and record agree with each other: only a signature helps. */
  @Test
  void consistentForgeryIsCaughtByTheSignatureAlone() throws IOException {
    Path copy = run.copy(copies);
    rewriteRows(copy, row -> recited(row, ""));
    seal(copy);

    SignedRun.assertEvidence(
        copy, "Invalid signature in attestations.jsonl: it signs another record.json");
    Path unsigned = run.copy(copies);
    rewriteRows(unsigned, row -> recited(row, ""));
    seal(unsigned);
    Files.delete(unsigned.resolve(Attestations.FILE));
    SignedRun.assertEvidence(
        unsigned,
        "Evidence is missing: attestations.jsonl, which the key lethe.release.signing-key or"
            + " -command in record.json names");
    unsigned(unsigned);
    assertThat(SignedRun.verify(unsigned)).contains("gates      2 decided again");
    RunDirectory directory = SignedRun.open(copy);
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
  void changedTimeOfASignedRunIsFoundWithoutAKey() throws IOException {
    run.assertRecordDiffers(
        copies,
        record -> record.put("created", "2999-01-01T00:00:00Z"),
        "Evidence differs in attestations.jsonl: runDetails.metadata.finishedOn is"
            + " 2999-01-01T00:00:00Z, expected ");
  }

  @Test
  void changedOrForeignSignatureIsRefused() throws IOException, GeneralSecurityException {
    String publicKey = folder.resolve("public.pem").toString();
    Path copy = run.copy(copies);
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
    Ended ended = run.fixture().execute(List.of("verify", copy.toString(), "--key", publicKey));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err())
        .startsWith(
            "EVIDENCE: Invalid signature in attestations.jsonl: no signature belongs to this key"
                + " and statement");

    KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
    curve.initialize(256);
    KeyPair other = curve.generateKeyPair();
    SignedRun.pem(folder, "other.pem", "PUBLIC KEY", other.getPublic().getEncoded());
    ended =
        run.fixture()
            .execute(
                List.of(
                    "verify",
                    run.directory().toString(),
                    "--key",
                    folder.resolve("other.pem").toString()));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());

    Files.delete(copy.resolve(Attestations.FILE));
    ended = run.fixture().execute(List.of("verify", copy.toString(), "--key", publicKey));
    assertThat(ended.err()).startsWith("EVIDENCE: Evidence is missing: attestations.jsonl, ");
    unsigned(copy);
    ended = run.fixture().execute(List.of("verify", copy.toString(), "--key", publicKey));
    assertThat(ended.err()).startsWith("EVIDENCE: No signature in ");
  }
}
