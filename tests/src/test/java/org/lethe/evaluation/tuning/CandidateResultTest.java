package org.lethe.evaluation.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.evaluation.monitor.FormReading;
import org.lethe.evaluation.monitor.SetForm;
import org.lethe.run.Documents;

/** The document of a candidate. */
final class CandidateResultTest {
  @TempDir private Path folder;

  @Test
  void theFormIsPartOfTheDocument() throws Exception {
    CandidateResult result =
        result(
            Optional.of(new FormReading(new SetForm(0.25, 0.5, 32), new SetForm(0.03125, 0, 32))));

    String json = written(result);

    assertThat(json)
        .contains("\"format\" : 2")
        .contains("\"form\" : {")
        .contains("\"blank\" : 0.25")
        .doesNotContain("excess", "degenerate");
    assertThat(read()).isEqualTo(result);
  }

  @Test
  void aResultOfTheFirstFormatHasNoForm() throws Exception {
    assertThat(written(result(Optional.empty()))).doesNotContain("\"form\"");
    assertThat(read().form()).isEmpty();
  }

  private static CandidateResult result(Optional<FormReading> form) {
    return new CandidateResult(
        CandidateResult.FORMAT,
        "npo",
        1e-3,
        Optional.of(0.1),
        4,
        4,
        128,
        "",
        "rounds",
        "all rounds were taken",
        Optional.empty(),
        Optional.empty(),
        form);
  }

  private String written(CandidateResult result) throws Exception {
    Documents.write(files(), path(), result);
    return Files.readString(folder.resolve("candidate.json"), StandardCharsets.UTF_8);
  }

  private CandidateResult read() throws Exception {
    return Documents.read(files(), path(), CandidateResult.class);
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(folder.resolve("candidate.json").toUri());
  }

  private static FileSystem files() throws Exception {
    return FileSystem.getLocal(new Configuration());
  }
}
