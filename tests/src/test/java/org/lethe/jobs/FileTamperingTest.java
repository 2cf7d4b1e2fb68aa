package org.lethe.jobs;

import static org.lethe.jobs.Forger.edit;
import static org.lethe.jobs.Forger.rewriteRows;
import static org.lethe.jobs.Forger.seal;
import static org.lethe.jobs.Forger.with;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.evaluation.Metric;

/** Every way of tampering with the files that a record rests on. */
final class FileTamperingTest {
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
