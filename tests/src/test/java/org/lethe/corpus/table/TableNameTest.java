package org.lethe.corpus.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/** Names of tables beside names of files. */
final class TableNameTest {
  @ParameterizedTest
  @CsvSource({
    "delta:s3a://lake/erasures, DELTA, s3a://lake/erasures, -1",
    "delta:s3a://lake/erasures@v12, DELTA, s3a://lake/erasures, 12",
    "delta:/lake/a b@v0, DELTA, /lake/a b, 0",
    "delta:/lake/x@v, DELTA, /lake/x@v, -1",
    "iceberg:lake.privacy.requests, ICEBERG, lake.privacy.requests, -1",
    "iceberg:lake.t@v9223372036854775807, ICEBERG, lake.t, 9223372036854775807"
  })
  void tables(String text, TableFormat format, String location, long version) {
    TableName table = TableName.find(text).orElseThrow();

    assertThat(table.format()).isEqualTo(format);
    assertThat(table.location()).isEqualTo(location);
    assertThat(table.version())
        .isEqualTo(version < 0 ? OptionalLong.empty() : OptionalLong.of(version));
    assertThat(table).hasToString(text);
    assertThat(TableName.of(table.uri())).contains(table);
  }

  @Test
  void aRelativePathIsOneOfThisFolder() {
    assertThat(TableName.find("delta:lake/x").orElseThrow().location())
        .isEqualTo(Path.of("lake/x").toAbsolutePath().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.jsonl", "s3a://b/delta:x", "/data/iceberg", "delta", "deltas:/x"})
  void files(String text) {
    assertThat(TableName.find(text)).isEmpty();
  }

  @Test
  void urisOfFiles() {
    assertThat(TableName.of(URI.create("file:/data/x"))).isEmpty();
    assertThat(TableName.of(URI.create("data/x"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iceberg:table | Invalid table: iceberg:table, expected iceberg:catalog.namespace.table of",
        "iceberg:a.`b` | Invalid table: iceberg:a.`b`, expected iceberg:catalog.namespace.table of",
        "iceberg:a.b@v9223372036854775808 | expected a version below 2^63 after @v"
      })
  void invalidNames(String text, String message) {
    assertThatThrownBy(() -> TableName.find(text))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.USAGE))
        .hasMessageContaining(message);
  }

  @Test
  void whatRemainsNamesTheTableAndTheVersion() {
    assertThat(remains("delta:s3a://lake/erasures@v12"))
        .contains("REORG TABLE delta.`s3a://lake/erasures` APPLY (PURGE)")
        .contains("VACUUM delta.`s3a://lake/erasures`")
        .contains("version 12 and the versions before it");
    assertThat(remains("iceberg:lake.privacy.rows@v77"))
        .contains("CALL lake.system.expire_snapshots(table => 'privacy.rows'")
        .contains("CALL lake.system.remove_orphan_files(table => 'privacy.rows'")
        .contains("snapshot 77 and those before it");
  }

  private static String remains(String text) {
    TableName table = TableName.find(text).orElseThrow();
    return table.format().remains(table);
  }
}
