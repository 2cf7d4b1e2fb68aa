package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lethe.jobs.Forger.LAST;
import static org.lethe.jobs.Forger.RECORD;
import static org.lethe.jobs.Forger.edit;
import static org.lethe.jobs.Forger.unsigned;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.Digests;
import org.lethe.run.evidence.Attestations;

/** What verification says about an untouched run, and about one that a second command continues. */
final class VerifyTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path folder;

  private static SignedRun run;

  @TempDir Path copies;

  @BeforeAll
  static void releaseOneSignedRun() throws IOException, GeneralSecurityException {
    run = SignedRun.release(folder);
  }

  @Test
  void copyOfAnUntouchedRunIsVerified() throws IOException {
    Path copy = run.copy(copies);
    Ended ended =
        run.fixture()
            .execute(
                List.of(
                    "verify", copy.toString(), "--key", folder.resolve("public.pem").toString()));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("record     RELEASED of ")
        .contains("computed again from 24 rows")
        .contains("gates      2 decided again")
        .contains("documents  report and model card follow from the record")
        .contains("signature  valid for the given key")
        .endsWith("verified: everything is as recorded\n");
    assertThat(run.fixture().execute(List.of("verify", copy.toString())).out())
        .contains("signature  not checked; give the public key with --key");
    Files.delete(copy.resolve(Attestations.FILE));
    unsigned(copy);
    Files.delete(copy.resolve("report.html"));
    assertThat(run.fixture().execute(List.of("verify", copy.toString())).out())
        .contains("signature  none: this run is unsigned");
  }

  @Test
  void secondRunWritesNoSecondRecord() throws IOException {
    byte[] record = Files.readAllBytes(run.directory().resolve(RECORD));
    assertThat(run.fixture().pipeline("run", SignedRun.settings(folder)).status()).isZero();
    assertThat(Files.readAllBytes(run.directory().resolve(RECORD))).isEqualTo(record);
    assertThat(run.directory().resolve("records/0002.json")).doesNotExist();
  }

  @Test
  void secondRunRefusesAFalsifiedRecordAndModel() throws IOException {
    Path copy = run.copy(copies);
    edit(
        copy.resolve(RECORD),
        record -> ((ObjectNode) record.path("after")).put("forget.loss", 9.5));
    byte[] falsified = Files.readAllBytes(copy.resolve(RECORD));
    Ended ended = run.fixture().pipelineAt(copy.toString(), SignedRun.settings(folder));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err()).contains("differs from records/0001.json, although Lethe writes both");
    assertThat(Files.readAllBytes(copy.resolve(RECORD))).isEqualTo(falsified);

    copy = run.copy(copies);
    byte[] model = Files.readAllBytes(copy.resolve("model/model.safetensors"));
    model[model.length - 1] ^= 1;
    Files.write(copy.resolve("model/model.safetensors"), model);
    ended = run.fixture().pipelineAt(copy.toString(), SignedRun.settings(folder));
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(Files.readAllBytes(copy.resolve("model/model.safetensors"))).isEqualTo(model);
  }

  @Test
  void newDecisionIsANewRecordThatNamesTheOneBefore() throws IOException {
    Path copy = run.copy(copies);
    Ended ended =
        run.fixture()
            .pipelineAt(
                copy.toString(),
                "lethe.evaluate.max-new-tokens=40",
                "lethe.gates.forget.loss.at-least=100");
    assertThat(ended.status()).as(ended.err()).isEqualTo(ExitClass.GATE.status());
    JsonNode record = JSON.readTree(copy.resolve(RECORD).toFile());
    assertThat(record.path("decision").asText()).isEqualTo("REFUSED");
    assertThat(record.path("evidence").path("previous").path("file").asText()).isEqualTo(LAST);
    assertThat(record.path("evidence").path("previous").path("sha256").asText())
        .isEqualTo(Digests.of(Files.readAllBytes(run.directory().resolve(LAST))));
    assertThat(copy.resolve(LAST)).hasSameBinaryContentAs(run.directory().resolve(LAST));
    assertThat(SignedRun.verify(copy)).anyMatch(line -> line.startsWith("record     REFUSED of "));
  }
}
