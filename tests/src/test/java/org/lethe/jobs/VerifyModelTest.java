package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lethe.jobs.Forger.recited;
import static org.lethe.jobs.Forger.rewriteRows;
import static org.lethe.jobs.Forger.seal;
import static org.lethe.jobs.Forger.unsigned;
import static org.lethe.jobs.Forger.with;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.RecomputedRow;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.evidence.Attestations;

/** Forgeries that agree with themselves, and what the models say about them. */
final class VerifyModelTest {
  @TempDir static Path folder;

  private static PipelineFixture fixture;
  private static Path run;

  @TempDir Path copies;

  @BeforeAll
  static void releaseOneRun() throws IOException, GeneralSecurityException {
    fixture = new PipelineFixture(folder);
    List<String> service = KeyService.create(folder, folder.resolve("public.pem"));
    Ended ended =
        fixture.pipeline(
            "run",
            "lethe.evaluate.max-new-tokens=40",
            "lethe.release.signing-command=[\"" + String.join("\",\"", service) + "\"]");
    assertThat(ended.status()).as(ended.err()).isZero();
    run = fixture.run("run");
  }

  @Test
  void runIsSignedByTheProgramOfAKeyService() throws IOException {
    Ended ended =
        fixture.execute(
            List.of("verify", copy().toString(), "--key", folder.resolve("public.pem").toString()));
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("signature  valid for the given key");
  }

  @Test
  void copyOfAnUntouchedRunIsComputedAgain() throws IOException {
    Ended ended = verify(copy());
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("model      before: 12 of 12 rows computed again, largest difference of a loss 0")
        .contains("model      after: 12 of 12 rows computed again, largest difference of a loss 0")
        .endsWith("verified: everything is as recorded\n");
  }

  @Test
  void sampleHasWholeBatchesOfEachSet() throws IOException {
    Ended ended = verify(copy(), "--rows", "7");
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("model      after: 12 of 12 rows computed again");
    assertThat(verify(copy(), "--rows", "1").out())
        .contains("model      after: 6 of 12 rows computed again");
  }

  @Test
  void consistentForgeryOfTextsIsFound() throws IOException {
    Path copy = copy();
    rewriteRows(copy, row -> recited(row, ""));
    sealUnsigned(copy);
    Ended ended = fixture.execute(List.of("verify", copy.toString()));
    assertThat(ended.status()).as(ended.err()).isZero();
    assertDiffers(copy, ", generated (SHA-256) is ");
  }

  @Test
  void consistentForgeryOfLossesIsFound() throws IOException {
    Path copy = copy();
    rewriteRows(
        copy,
        row ->
            RecomputedRow.of(
                with(
                    row,
                    row.generated().orElseThrow(),
                    Metric.LOSS,
                    row.metric(Metric.LOSS).orElseThrow() + 0.01)));
    sealUnsigned(copy);
    assertDiffers(copy, ", loss is ");
  }

  @Test
  void otherGivenModelIsFound() throws IOException {
    Path other = folder.resolve("other");
    copyTree(fixture.model(), other);
    Ended ended = verify(copy(), "--base-model", other.toString());
    assertThat(ended.status()).as(ended.err()).isZero();

    byte[] weights = Files.readAllBytes(other.resolve("model.safetensors"));
    weights[weights.length - 1] ^= 1;
    Files.write(other.resolve("model.safetensors"), weights);
    ended = verify(copy(), "--base-model", other.toString());
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err())
        .contains("Evidence differs in record.json: evidence.base_model.model.safetensors is ");

    ended = verify(copy(), "--base-model", folder.resolve("nowhere").toString());
    assertThat(ended.status()).isEqualTo(ExitClass.USAGE.status());
    assertThat(ended.err())
        .contains("Cannot use the given model of the run, file:///")
        .contains("nowhere: it does not exist; name a copy with --base-model");
  }

  @Test
  void adapterAndUnseenRowsAreComputedAgain() {
    Ended ended =
        fixture.pipeline(
            "lora", "lethe.model.adapter=lora", "lethe.gates.forget.loss.like-unseen=100");
    assertThat(ended.err()).doesNotContain("INTERNAL");
    ended = verify(fixture.run("lora"));
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("model      after: 12 of 12 rows computed again")
        .contains("model      unseen-after: 6 of 6 rows computed again");
  }

  /** A forger has no key, so the signature goes, and the report that shows the old figures. */
  private static void sealUnsigned(Path copy) throws IOException {
    seal(copy);
    Files.delete(copy.resolve(Attestations.FILE));
    Files.delete(copy.resolve("report.html"));
    unsigned(copy);
  }

  private void assertDiffers(Path copy, String message) {
    Ended ended = verify(copy);
    assertThat(ended.status()).isEqualTo(ExitClass.EVIDENCE.status());
    assertThat(ended.err())
        .startsWith("EVIDENCE: Evidence differs in evaluation/after/rows.parquet: row forget/")
        .contains(message);
  }

  private static Ended verify(Path directory, String... flags) {
    List<String> arguments = new ArrayList<>(List.of("verify", directory.toString(), "--model"));
    arguments.addAll(List.of(flags));
    return fixture.execute(arguments);
  }

  private Path copy() throws IOException {
    Path copy = Files.createTempDirectory(copies, "copy");
    copyTree(run, copy);
    return copy;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
