package org.lethe.corpus.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.PairDigest;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;

final class FinderTest {
  private static final String LONG = "The keeper lit the lamp at dusk and wrote the log by hand";
  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject("odile", List.of("Odile Farrow")),
          new Subject("nobody", List.of("Nobody Known")));

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  @Test
  void rowsAboutSubjectsBecomeACorpusAndAnExclusionList() throws IOException {
    FindReport report = find(1 << 20);

    assertThat(report.read()).isEqualTo(202);
    assertThat(report.malformed()).isEqualTo(1);
    assertThat(report.found()).isEqualTo(5);
    assertThat(report.nearDuplicates()).isEqualTo(1);
    assertThat(report.subjects())
        .containsExactly(
            new FindReport.SubjectReport("odile", 4, List.of("R7", "R57", "R107", "R157")),
            new FindReport.SubjectReport("nobody", 0, List.of()));
    List<Row> rows = read("rows", FoundFiles.schema(FieldNames.lume()));
    assertThat(rows)
        .extracting(row -> row.string("id") + " " + row.string("subjects") + row.string("match"))
        .containsExactly(
            "R7 odilename",
            "R57 odilename",
            "R107 odilename",
            "R157 odilename",
            "near near-duplicate");
    assertThat(rows.get(0).string("input")).isEqualTo("Who keeps lamp 7?");
    assertThat(read("exclude", FoundFiles.EXCLUSION).get(0).string("digest"))
        .isEqualTo(PairDigest.of("Who keeps lamp 7?", "Odile Farrow's, 7."));
    assertThat(Files.readString(folder.resolve("found/report.json"))).doesNotContain("Farrow");
  }

  @Test
  void theResultDoesNotDependOnTheNumberOfTasks() throws IOException {
    FindReport whole = find(1 << 20);
    List<String> ids = ids();
    FindReport cut = find(3000);

    assertThat(cut).isEqualTo(whole);
    assertThat(ids()).isEqualTo(ids);
  }

  @Test
  void settingsAreChecked() {
    List<URI> corpus = List.of(folder.toUri());
    assertThatThrownBy(
            () -> new FindSettings(List.of(), FieldNames.lume(), SUBJECTS, List.of(), 0.8))
        .hasMessage("Invalid corpus: empty, expected at least one file");
    assertThatThrownBy(() -> new FindSettings(corpus, FieldNames.lume(), List.of(), List.of(), 0.8))
        .hasMessage("Invalid search: neither subjects nor rows are given");
    assertThatThrownBy(() -> new FindSettings(corpus, FieldNames.lume(), SUBJECTS, List.of(), 0))
        .hasMessage("Invalid near duplicate: 0.0, expected above 0 to 1");
  }

  private FindReport find(long splitBytes) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String name = i % 50 == 7 ? "Odile Farrow's" : "Tobias Wenning";
      lines.add(record("R" + i, "Who keeps lamp " + i + "?", name + ", " + i + "."));
    }
    lines.add("{\"id\":\"broken");
    lines.add(record("near", "What happened?", LONG + " again."));
    Path corpus = write("corpus.jsonl", lines);
    Path given = write("given.jsonl", List.of(record("given", "What happened?", LONG + ".")));
    return new Finder(SparkFixture.session(), splitBytes)
        .run(
            new FindSettings(
                List.of(corpus.toUri()), FieldNames.lume(), SUBJECTS, List.of(given.toUri()), 0.8),
            new org.apache.hadoop.fs.Path(folder.resolve("found").toUri()));
  }

  private List<String> ids() throws IOException {
    return read("rows", FoundFiles.schema(FieldNames.lume())).stream()
        .map(row -> row.string("id"))
        .toList();
  }

  private List<Row> read(String part, org.lethe.corpus.rows.RowSchema schema) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("found").resolve(part))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList()) {
        rows.addAll(RowFiles.read(schema, new org.apache.hadoop.fs.Path(file.toUri()), hadoop));
      }
    }
    return rows;
  }

  private Path write(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines, StandardCharsets.UTF_8);
  }

  private static String record(String id, String prompt, String completion) {
    return "{\"id\":\"%s\",\"input\":\"%s\",\"output\":\"%s\"}".formatted(id, prompt, completion);
  }
}
