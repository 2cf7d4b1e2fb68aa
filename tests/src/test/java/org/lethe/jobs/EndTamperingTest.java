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
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.jobs.PipelineFixture.Ended;

/** Tampering with attacks and with the end of the unlearning, where all digests agree. */
final class EndTamperingTest {
  private static final long SEED = 42;

  @TempDir static Path folder;

  private static SignedRun run;

  @TempDir Path copies;

  /** A model with random weights knows nothing that could be forgotten, so nothing is released. */
  @BeforeAll
  static void endOneRunByARule() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    Ended ended =
        fixture.pipeline(
            "run",
            "lethe.corpus.unseen=" + fixture.corpus("retain"),
            "lethe.unlearn.stop.rules=like-unseen",
            "lethe.evaluate.max-new-tokens=40",
            "lethe.evaluate.attacks.try=[direct, paraphrase]");
    assertThat(ended.status()).as(ended.err()).isIn(0, ExitClass.NO_BASELINE.status());
    run = new SignedRun(fixture, fixture.run("run"));
  }

  @Test
  void copyOfTheRunIsVerified() throws IOException {
    assertThat(SignedRun.verify(run.copy(copies)))
        .contains("words      limits and copies that remain follow from the run")
        .anyMatch(line -> line.startsWith("end        after round "))
        .anyMatch(line -> line.startsWith("form       "));
  }

  @Test
  void intervalsOfAttacksByAnotherSeedAreFound() throws IOException {
    Path copy = run.copy(copies);
    AttackForger.summarise(copy, "after", row -> true, SEED + 1);
    SignedRun.assertEvidence(
        copy,
        "Evidence differs in evaluation/attacks-after/summary.json: seed is 43.0, expected 42.0");
  }

  /** Attempts that failed before unlearning make the same failure after it look like a success. */
  @Test
  void attemptsThatWereLeftOutBeforeUnlearningAreFound() throws IOException {
    Path copy = run.copy(copies);
    AttackForger.summarise(copy, "before", row -> !row.attack().equals("paraphrase"), SEED);
    SignedRun.assertEvidence(
        copy,
        "Evidence differs in evaluation/attacks-after/rows.parquet: tokens of attempt.paraphrase/");
  }

  @Test
  void removedEndOfTheUnlearningIsFound() throws IOException {
    for (String part : List.of("stop", "form")) {
      assertRecordDiffers(
          record -> ((ObjectNode) record.path("unlearning")).putNull(part),
          "Evidence differs in record.json: unlearning." + part + " is Optional[");
    }
  }

  /** Without the metrics, nothing would be left to compare a part of the record with. */
  @Test
  void metricsThatAreGoneAltogetherAreFound() throws IOException {
    for (String file :
        List.of(
            "metrics/program.json",
            "metrics/rounds.jsonl",
            "metrics/monitor.jsonl",
            "metrics/attacks-before.json",
            "metrics/attacks-after.json")) {
      Path copy = run.copy(copies);
      Files.delete(copy.resolve(file));
      change(
          copy,
          record -> {
            ((ObjectNode) record.path("evidence").path("files")).remove(file);
            if (file.endsWith("monitor.jsonl")) {
              ((ObjectNode) record.path("unlearning")).putNull("stop").putNull("form");
            }
            if (file.endsWith("attacks-after.json")) {
              removeLimit((ArrayNode) record.path("limits"), "Attacks took ");
            }
          });
      SignedRun.assertEvidence(copy, "Evidence is not named: " + file + ", which ");
    }
  }

  /** Later versions of Lethe list other limits and copies. */
  @Test
  void recordOfAnEarlierFormatKeepsItsOwnWords() throws IOException {
    Path copy = run.copy(copies);
    change(
        copy,
        record -> {
          record.put("format", 1);
          ((ArrayNode) record.path("limits")).remove(2);
          ((ArrayNode) record.path("accountability").path("copies")).remove(0);
          record.putNull("unlearning");
        });
    assertThat(SignedRun.verify(copy))
        .contains(
            "words      limits and copies not compared; a record of format 1 words them in its own"
                + " way")
        .noneMatch(line -> line.startsWith("end "));
  }

  @Test
  void recordOfALaterFormatIsRejected() throws IOException {
    assertRecordDiffers(
        record -> record.put("format", 3),
        "Invalid format of record.json: 3, expected 1 to 2; a later version of Lethe wrote it");
  }

  private static void removeLimit(ArrayNode limits, String start) {
    for (int i = 0; i < limits.size(); i++) {
      if (limits.get(i).asText().startsWith(start)) {
        limits.remove(i);
      }
    }
  }

  private static void change(Path copy, Consumer<ObjectNode> change) throws IOException {
    edit(copy.resolve(LAST), change);
    Files.copy(copy.resolve(LAST), copy.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
  }

  private void assertRecordDiffers(Consumer<ObjectNode> change, String message) throws IOException {
    run.assertRecordDiffers(copies, change, message);
  }
}
