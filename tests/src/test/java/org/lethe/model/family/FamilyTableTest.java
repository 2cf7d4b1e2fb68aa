package org.lethe.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lethe.compute.TestBackend;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;

/** Compares the tables of pipeline/FAMILIES.md with the families and with measured differences. */
final class FamilyTableTest {
  private static List<List<String>> rows(String firstCell) throws IOException {
    Path page =
        Path.of(System.getProperty("lethe.repository", "..")).resolve("pipeline/FAMILIES.md");
    List<String> lines = Files.readAllLines(page);
    int header =
        lines.stream().map(line -> line.startsWith("| " + firstCell)).toList().indexOf(true);
    return lines.subList(header + 2, lines.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
        .toList();
  }

  @Test
  void everyFamilyHasARow() throws IOException {
    assertThat(rows("model_type").stream().map(row -> row.get(0)))
        .containsExactlyInAnyOrder(ModelFamilies.modelTypes().split(", "));
  }

  /** The other columns hold limits that every case's tests apply. */
  @Test
  void everyCaseHasARowWithItsLargestDifference() throws IOException {
    List<List<String>> rows = rows("case");
    assertThat(rows.stream().map(row -> row.get(0))).containsExactlyElementsOf(FamilyCase.NAMES);
    for (List<String> row : rows) {
      assertThat(row).as(row.get(0)).hasSize(7);
      FamilyCase c = FamilyCase.of(row.get(0));
      assertThat(largest(c, TestBackend.ARRAY_DOUBLE))
          .as("%s in DOUBLE", c)
          .isLessThanOrEqualTo(Double.parseDouble(row.get(1)));
      assertThat(largest(c, TestBackend.HEAP_FLOAT))
          .as("%s in FLOAT", c)
          .isLessThanOrEqualTo(Double.parseDouble(row.get(2)));
      assertThat(row.subList(3, 7)).containsExactly("yes", "yes", "yes", "yes");
    }
  }

  /** Largest difference of a token's loss from that of transformers. */
  private static double largest(FamilyCase c, TestBackend backend) {
    try (Decoder decoder =
        Decoder.load(c.architecture(), Adapter.full(), backend.backend(), FamilyCase.weights())) {
      double[] actual =
          Stream.of(decoder.forward(c.batch()).tokens()).flatMapToDouble(Arrays::stream).toArray();
      double[] expected = c.losses().stream().flatMapToDouble(Arrays::stream).toArray();
      double largest = 0;
      for (int i = 0; i < actual.length; i++) {
        largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
      }
      return largest;
    }
  }
}
