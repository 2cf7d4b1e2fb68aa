package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lethe.jobs.Forger.LAST;
import static org.lethe.jobs.Forger.RECORD;
import static org.lethe.jobs.Forger.edit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;

/** Tampering with the record of a run that answered two requests. */
final class SequenceTamperingTest {
  @TempDir static Path folder;

  private static SignedRun run;

  @TempDir Path copies;

  @BeforeAll
  static void answerTwoRequests() throws IOException, GeneralSecurityException {
    PipelineFixture fixture = new PipelineFixture(folder);
    List<String> rows = Files.readAllLines(fixture.corpus("forget"));
    int half = rows.size() / 2;
    Files.write(fixture.corpus("first"), rows.subList(0, half));
    Files.write(fixture.corpus("second"), rows.subList(half, rows.size()));
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    SignedRun.pem(folder, "private.pem", "PRIVATE KEY", keys.getPrivate().getEncoded());
    SignedRun.pem(folder, "public.pem", "PUBLIC KEY", keys.getPublic().getEncoded());
    Ended ended =
        fixture.pipeline(
            "run",
            "lethe.corpus.forget=[]",
            "lethe.release.signing-key=" + folder.resolve("private.pem"),
            "lethe.requests=[{id = first, forget = \""
                + fixture.corpus("first")
                + "\"}, {id = second, forget = \""
                + fixture.corpus("second")
                + "\"}]");
    assertThat(ended.status()).as(ended.err()).isZero();
    run = new SignedRun(fixture, fixture.run("run"));
  }

  @Test
  void recordOfTheSequenceIsSigned() {
    Ended ended =
        run.fixture()
            .execute(
                List.of(
                    "verify",
                    run.directory().toString(),
                    "--key",
                    folder.resolve("public.pem").toString()));
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("signature  valid for the given key");
  }

  @Test
  void leftOutRequestIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ArrayNode) record.path("requests")).remove(0),
        "Evidence differs in record.json: requests is [requests/first/record.json,"
            + " requests/second/record.json], expected [requests/second/record.json]");
    assertRecordDiffers(
        record -> {
          ((ArrayNode) record.path("requests")).remove(0);
          ((ObjectNode) record.path("evidence").path("files")).remove("requests/first/record.json");
        },
        "Evidence is not named: requests/first/record.json");
  }

  @Test
  void leftOutFiguresOfALaterRequestAreFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("requests").get(0)).putArray("later"),
        "Evidence differs in record.json: requests.first.later is [second], expected []");
  }

  @Test
  void changedRepetitionOfARequestIsFound() throws IOException {
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("counts")).put("first, forget: used", 99),
        "Evidence differs in record.json: counts.first, forget: used is ");
    assertRecordDiffers(
        record -> ((ObjectNode) record.path("after")).put("retain.loss", 0.5),
        "Evidence differs in record.json: after.retain.loss is ");
    assertRecordDiffers(
        record -> ((ArrayNode) record.path("limits")).remove(0),
        "Evidence differs in record.json: limits is ");
  }

  /** The second request must have begun with the model that the first one released. */
  @Test
  void exchangedModelOfAnEarlierRequestIsFound() throws IOException {
    Path copy = run.copy(copies);
    String own = "requests/second/";
    Consumer<ObjectNode> change =
        record -> {
          String other = "0".repeat(64);
          ((ObjectNode) record.path("input_model")).put("model.safetensors", other);
          ((ObjectNode) record.path("evidence").path("base_model")).put("model.safetensors", other);
        };
    edit(copy.resolve(own + LAST), change);
    Files.copy(
        copy.resolve(own + LAST), copy.resolve(own + RECORD), StandardCopyOption.REPLACE_EXISTING);
    edit(
        copy.resolve(LAST),
        record ->
            ((ObjectNode) record.path("evidence").path("files"))
                .put(own + RECORD, Forger.digest(copy.resolve(own + RECORD))));
    Files.copy(copy.resolve(LAST), copy.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
    SignedRun.assertEvidence(
        copy, "Evidence differs in requests/second/record.json: input_model.model.safetensors is ");
  }

  private void assertRecordDiffers(Consumer<ObjectNode> change, String message) throws IOException {
    run.assertRecordDiffers(copies, change, message);
  }
}
