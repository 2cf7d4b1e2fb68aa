package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;

/**
 * Runs an automatic unlearning in real processes that are killed with signal 9 while they tune and
 * while they search for the point to return. It ends with the same bytes as an undisturbed run.
 */
final class KilledTuneTest {
  private static final String[] SETTINGS = {
    "lethe.unlearn.auto=on",
    "lethe.unlearn.stop.rules=like-unseen",
    "lethe.tune.methods=blur-npo,altpo",
    "lethe.tune.learning-rates=1e-3",
    "lethe.tune.gammas=1",
    "lethe.tune.factor=2",
    "lethe.tune.rows=8"
  };

  /** A model with random weights knows nothing that could be forgotten. */
  private static final int NO_BASELINE = 11;

  @TempDir private Path folder;
  private PipelineFixture fixture;

  @BeforeEach
  void make() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @Test
  void aKilledTuningResumesToTheSameBytes() throws Exception {
    KilledRun killed = new KilledRun(folder, fixture);

    assertThat(killed.pipeline("cut", "tune:candidate", 2, settings())).isEqualTo(KilledRun.KILLED);
    assertThat(fixture.run("cut/tune/candidates")).isNotEmptyDirectory();
    assertThat(fixture.run("cut/tune/result.json")).doesNotExist();
    assertThat(killed.pipeline("cut", "stop:bisection", 2, settings())).isEqualTo(KilledRun.KILLED);
    assertThat(fixture.run("cut/tune/result.json")).exists();
    assertThat(fixture.run("cut/rounds/stop.json")).doesNotExist();
    Ended cut = fixture.pipeline("cut", settings());
    assertThat(cut.status()).as(cut.err()).isEqualTo(NO_BASELINE);

    Ended whole = fixture.pipeline("whole", settings());
    assertThat(whole.status()).as(whole.err()).isEqualTo(NO_BASELINE);
    assertThat(files("cut/tune")).isEqualTo(files("whole/tune"));
    assertThat(files("cut/candidate")).isEqualTo(files("whole/candidate"));
  }

  /** The settings, with corpora of which the forget rows are better known than the unseen ones. */
  private String[] settings() {
    return Stream.concat(
            Stream.of(SETTINGS),
            Stream.of(
                "lethe.corpus.forget=" + fixture.corpus("retain"),
                "lethe.corpus.retain=" + fixture.corpus("forget"),
                "lethe.corpus.unseen=" + fixture.corpus("forget")))
        .toArray(String[]::new);
  }

  private SortedMap<String, String> files(String below) throws IOException {
    Path root = fixture.run(below);
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (!name.endsWith("manifest.json") && !name.endsWith(".crc")) {
          files.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    assertThat(files).isNotEmpty();
    return files;
  }
}
