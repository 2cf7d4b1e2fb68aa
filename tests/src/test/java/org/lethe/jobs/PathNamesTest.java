package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of folders and the user's locale change neither the results nor the names of files. */
final class PathNamesTest {
  private static final String NAME = "2024-01-01T00:00:00 [1] {größe} 50%20 a#b?";

  @TempDir private Path folder;
  private final Locale locale = Locale.getDefault();
  private PipelineFixture plain;

  @BeforeEach
  void run() throws IOException {
    plain = new PipelineFixture(Files.createDirectory(folder.resolve("plain")));
    assertThat(plain.pipeline("run").status()).isZero();
  }

  @AfterEach
  void restore() {
    Locale.setDefault(locale);
  }

  @Test
  void everythingMayLieInAFolderOfAnyName() throws IOException {
    PipelineFixture other = new PipelineFixture(Files.createDirectory(folder.resolve(NAME)));

    PipelineFixture.Ended first = other.pipeline(NAME);
    assertThat(first.err()).doesNotContain("INTERNAL");
    assertThat(first.status()).isZero();
    assertSameResults(plain.run("run"), other.run(NAME));
    assertThat(other.pipeline(NAME).out()).contains("done before");
  }

  @Test
  void aLocaleWithOtherDigitsWritesTheSameFiles() throws IOException {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    assertThat("%d".formatted(1)).isEqualTo("\u0661");

    PipelineFixture.Ended run = plain.pipeline("arabic");
    assertThat(run.status()).isZero();
    assertThat(run.out()).doesNotContainPattern("[\u0660-\u0669]");
    assertSameResults(plain.run("run"), plain.run("arabic"));
    for (String name : List.of("report.html", "result.json", "record.json")) {
      assertThat(Files.readString(plain.run("arabic").resolve(name)))
          .doesNotContainPattern("[\u0660-\u0669\u066b]");
    }
  }

  private static void assertSameResults(Path one, Path other) throws IOException {
    assertThat(names(other)).isEqualTo(names(one));
    for (String name :
        List.of(
            "model/model.safetensors",
            "shards/forget/worker-00000.parquet",
            "evaluation/after/rows.parquet",
            "evaluation/after/summary.json")) {
      assertThat(other.resolve(name)).hasSameBinaryContentAs(one.resolve(name));
    }
  }

  private static List<String> names(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.forEach(file -> names.add(folder.relativize(file).toString()));
    }
    return names.stream().sorted().toList();
  }
}
