package org.lethe.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.ProjectFiles;

/**
 * Tables in the pages agree with the CSV files, and each study has the parts that the index lists.
 */
final class BenchmarkTablesTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("lethe.repository"));
  private static final Path STUDIES = REPOSITORY.resolve("tests/benchmarks");
  private static final int MOST_LINES = 40;

  @TempDir Path folder;

  static List<Path> pages() throws IOException {
    return ProjectFiles.below(REPOSITORY).stream()
        .filter(file -> file.toString().endsWith(".md"))
        .toList();
  }

  static List<Path> studies() throws IOException {
    try (Stream<Path> files = Files.list(STUDIES)) {
      return files.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void tablesAgreeWithTheCsvFiles(Path page) throws IOException {
    String text = Files.readString(page);

    assertThat(text)
        .as(
            "A table of %s differs from its CSV file; change the CSV file and run, in the root:"
                + " java tests/src/test/java/org/lethe/benchmarks/ResultTables.java",
            REPOSITORY.relativize(page))
        .isEqualTo(ResultTables.updated(page, text));
  }

  @ParameterizedTest
  @MethodSource("studies")
  void aStudyHasAShortPageAScriptAndResultsUnlessItWasNotRun(Path study) throws IOException {
    assertThat(study.resolve("run.sh")).isExecutable();
    List<String> page = Files.readAllLines(study.resolve("README.md"));
    assertThat(page).hasSizeLessThanOrEqualTo(MOST_LINES);
    assertThat(STUDIES.resolve("README.md"))
        .content()
        .contains("[%1$s](%1$s)".formatted(study.getFileName()));
    if (page.contains("**Not run yet.**")) {
      assertThat(study.resolve("results.csv")).doesNotExist();
      return;
    }
    assertThat(ResultTables.read(study.resolve("results.csv")))
        .isNotEmpty()
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsKeys("date", "commit", "machine")
                    .doesNotContainEntry("date", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "{kept}                 > 2.0 (1.0 to 3.0) > 0.55 (0.5 to 0.6)",
        "{kept:mean}            > 2.0             > 0.55",
        "{kept:.2%}             > 2.00 % (1.0 to 3.0) > 0.55 % (0.5 to 0.6)",
        "{kept:each} s          > 1; 3.0 s        > 0.55; 0.5; 0.6 s",
        "{kept[seed=1]} of {by} > 1 of a, b       > of c",
      })
  void aPlaceholderIsReplacedByTheValuesOfItsRows(String template, String first, String second)
      throws IOException {
    Files.writeString(
        folder.resolve("results.csv"),
        """
        by,seed,statistic,kept
        "a, b",1,run,1
        "a, b",2,run,3.0
        c,,mean,0.55
        c,,min,0.5
        c,,max,0.6
        """);
    String head = "<!-- table results.csv; by by\nBy = {by} | Kept = %s\n-->\n".formatted(template);
    String found =
        ResultTables.updated(folder.resolve("README.md"), "x\n" + head + "old\n<!-- end -->\ny\n");

    assertThat(found)
        .isEqualTo(
            "x\n%s| By | Kept |\n|---|---|\n| a, b | %s |\n| c | %s |\n<!-- end -->\ny\n"
                .formatted(head, first, second));
  }

  @Test
  void onlyRowsWithTheGivenValuesAreIncluded() throws IOException {
    Files.writeString(folder.resolve("r.csv"), "rate,kept\n1e-4,1\n3e-4,2\n1e-3,3\n");
    String page = "<!-- table r.csv; rate=1e-4,1e-3; by rate\nKept = {kept}\n-->\n<!-- end -->\n";

    assertThat(ResultTables.updated(folder.resolve("README.md"), page))
        .contains("| Kept |\n|---|\n| 1 |\n| 3 |\n");
  }

  @Test
  void aMissingColumnIsNamed() throws IOException {
    Files.writeString(folder.resolve("r.csv"), "rate,kept\n1e-4,1\n");
    String page = "<!-- table r.csv; by rate\nKept = {lost}\n-->\n<!-- end -->\n";

    assertThatThrownBy(() -> ResultTables.updated(folder.resolve("README.md"), page))
        .hasMessageContaining("No column lost in [rate, kept]");
  }
}
