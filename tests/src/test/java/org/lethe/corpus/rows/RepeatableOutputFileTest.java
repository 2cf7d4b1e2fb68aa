package org.lethe.corpus.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepeatableOutputFileTest {
  private static final RowSchema SCHEMA =
      RowSchema.of("sample", Column.string("id"), Column.bytes("raw"), Column.integers("tokens"));
  private static final int ROWS = 500;

  private final Configuration configuration = new Configuration();

  @TempDir private java.nio.file.Path folder;

  @Test
  void encodingsAreSortedAndTheFileIsComplete() throws IOException {
    // Holds back fewer bytes than are written, and more than the footer needs.
    write(4096);

    for (RowGroup group : footer().getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        assertThat(column.getMeta_data().getEncodings()).hasSizeGreaterThan(1).isSorted();
      }
    }
    assertThat(RowFiles.read(SCHEMA, file(), configuration)).hasSize(ROWS);
  }

  @Test
  void longFooterStaysUnsorted() throws IOException {
    write(16);

    assertThat(RowFiles.read(SCHEMA, file(), configuration)).hasSize(ROWS);
  }

  private Path file() {
    return new Path(folder.resolve("rows.parquet").toUri());
  }

  private void write(int heldBytes) throws IOException {
    Random random = new Random(42);
    RepeatableOutputFile output =
        new RepeatableOutputFile(HadoopOutputFile.fromPath(file(), configuration), heldBytes);
    try (ParquetWriter<Row> writer =
        new RowParquet.Builder(output, SCHEMA).withConf(configuration).build()) {
      for (int i = 0; i < ROWS; i++) {
        byte[] raw = new byte[100];
        random.nextBytes(raw);
        writer.write(SCHEMA.row("row-" + i % 7, raw, random.ints(20).toArray()));
      }
    }
  }

  private FileMetaData footer() throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve("rows.parquet"));
    int trailer = bytes.length - 8;
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(trailer);
    return Util.readFileMetaData(new ByteArrayInputStream(bytes, trailer - length, length));
  }
}
