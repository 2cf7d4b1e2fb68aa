package org.lethe.corpus.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

final class RowFilesTest {
  private static final RowSchema SCHEMA =
      RowSchema.of(
          "sample",
          Column.string("id"),
          Column.string("note").optional(),
          Column.integer("count"),
          Column.real("loss"),
          Column.real("rouge").optional(),
          Column.integers("tokens"),
          Column.bytes("raw"));

  private final Configuration configuration = new Configuration();

  @TempDir java.nio.file.Path folder;

  @Test
  void everyKindOfValueSurvivesARoundTrip() {
    Path file = file("rows.parquet");
    Row full =
        SCHEMA.row("a", "n\u00e9", 3, 0.5, 1.0, new int[] {1, -2, 3}, new byte[] {(byte) 0xff});
    Row sparse =
        SCHEMA.row(
            "b",
            Optional.empty(),
            Long.MAX_VALUE,
            Double.NaN,
            Optional.empty(),
            new int[0],
            new byte[0]);
    RowFiles.write(SCHEMA, List.of(full, sparse).iterator(), file, configuration);

    List<Row> rows = RowFiles.read(SCHEMA, file, configuration);

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).string("id")).isEqualTo("a");
    assertThat(rows.get(0).optionalString("note")).contains("n\u00e9");
    assertThat(rows.get(0).integer("count")).isEqualTo(3);
    assertThat(rows.get(0).real("loss")).isEqualTo(0.5);
    assertThat(rows.get(0).optionalReal("rouge")).hasValue(1.0);
    assertThat(rows.get(0).integers("tokens")).containsExactly(1, -2, 3);
    assertThat(rows.get(0).bytes("raw")).containsExactly(0xff);
    assertThat(rows.get(1).optionalString("note")).isEmpty();
    assertThat(rows.get(1).integer("count")).isEqualTo(Long.MAX_VALUE);
    assertThat(rows.get(1).real("loss")).isNaN();
    assertThat(rows.get(1).optionalReal("rouge")).isEmpty();
    assertThat(rows.get(1).integers("tokens")).isEmpty();
  }

  @Test
  void sameRowsGiveSameBytesAndNoTemporaryFile() throws IOException {
    RowSchema schema = RowSchema.of("one", Column.integers("tokens"));
    List<Row> rows =
        java.util.stream.IntStream.range(0, 1000)
            .mapToObj(i -> schema.row(new int[] {i, i * 31}))
            .toList();
    RowFiles.write(schema, rows.iterator(), file("a.parquet"), configuration);
    RowFiles.write(schema, rows.iterator(), file("b.parquet"), configuration);
    RowFiles.write(schema, rows.iterator(), file("b.parquet"), configuration);

    assertThat(folder.resolve("b.parquet")).hasSameBinaryContentAs(folder.resolve("a.parquet"));
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".tmp")))
          .isEmpty();
    }
  }

  @Test
  void emptyFileIsReadable() {
    RowFiles.write(SCHEMA, List.<Row>of().iterator(), file("empty.parquet"), configuration);

    assertThat(RowFiles.read(SCHEMA, file("empty.parquet"), configuration)).isEmpty();
  }

  @Test
  void wrongTypeIsRejectedWithoutShowingTheValue() {
    RowSchema schema = RowSchema.of("one", Column.real("loss"));

    assertThatThrownBy(() -> schema.row("secret"))
        .hasMessage("Invalid row: a String in column loss, expected DOUBLE");
    assertThatThrownBy(() -> schema.row(Optional.empty()))
        .hasMessage("Invalid row: no value in column loss");
    assertThat(schema.row(1.0)).hasToString("Row of [loss]");
  }

  @Test
  void truncatedFileIsReportedByName() throws IOException {
    RowFiles.write(
        SCHEMA,
        List.of(SCHEMA.row("a", "", 1, 0.0, 0.0, new int[0], new byte[0])).iterator(),
        file("rows.parquet"),
        configuration);
    byte[] bytes = Files.readAllBytes(folder.resolve("rows.parquet"));
    Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length - 9));

    assertThatThrownBy(() -> RowFiles.read(SCHEMA, file("cut.parquet"), configuration))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT))
        .hasMessageStartingWith("Cannot read ")
        .hasMessageContaining("cut.parquet")
        .hasMessageEndingWith("check that the file exists and is complete");
    assertThatThrownBy(() -> RowFiles.read(SCHEMA, file("absent.parquet"), configuration))
        .hasMessageContaining("absent.parquet");
  }

  @Test
  void otherColumnsAreRejected() {
    RowSchema other = RowSchema.of("other", Column.string("id"), Column.string("count"));
    RowFiles.write(
        other, List.of(other.row("a", "b")).iterator(), file("other.parquet"), configuration);

    assertThatThrownBy(
            () ->
                RowFiles.read(
                    RowSchema.of("x", Column.string("id"), Column.real("loss")),
                    file("other.parquet"),
                    configuration))
        .hasMessageContaining("no column loss");
    assertThatThrownBy(
            () ->
                RowFiles.read(
                    RowSchema.of("x", Column.integer("count")),
                    file("other.parquet"),
                    configuration))
        .hasMessageContaining(
            "column count is 'required binary count (STRING)', expected 'required int64 count'");
  }

  private Path file(String name) {
    return new Path(folder.resolve(name).toUri());
  }
}
