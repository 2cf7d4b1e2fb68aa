package org.lethe.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/** Compressed corpora. */
final class PackedInputTest {
  private static final String ROW = "{\"input\":\"p\",\"output\":\"c\"}\n";

  @TempDir private Path folder;

  private final Configuration configuration = new Configuration();
  private final InputFiles inputs = new InputFiles(configuration, FieldNames.lume(), 16);

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void allMembersOfAFileAreRead(String suffix) throws IOException {
    // As "cat a.gz b.gz" and parallel compressors write them.
    write("in/rows.jsonl." + suffix, packed(suffix, "one\n\ntwo\n"), packed(suffix, "three\nfour"));

    List<InputSplit> splits = splits("in");

    assertThat(splits).hasSize(1);
    assertThat(splits.get(0).format()).isEqualTo(InputSplit.Format.PACKED_LINES);
    assertThat(lines(splits.get(0))).containsExactly("1 one", "3 two", "4 three", "5 four");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void manyMembersLargerThanAnyBufferAreRead(String suffix) throws IOException {
    List<byte[]> members = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      members.add(packed(suffix, i + " " + "x".repeat(i % 100) + "\n"));
    }
    write("rows.jsonl", members.toArray(byte[][]::new));

    assertThat(lines(splits("rows.jsonl").get(0)))
        .hasSize(3000)
        .contains("3000 2999 " + "x".repeat(99));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void theUnpackedBytesDecideTheFormat(String suffix) throws IOException {
    write("array." + suffix, packed(suffix, " [ {\"input\":1} ]"));

    assertThat(splits("array." + suffix).get(0).format()).isEqualTo(InputSplit.Format.JSON_ARRAY);
    try (JsonArrayInput input =
        new JsonArrayInput(splits("array." + suffix).get(0), configuration)) {
      assertThat(input.next().orElseThrow().node()).isPresent();
      assertThat(input.next()).isEmpty();
    }
  }

  @Test
  void otherContentIsRefusedByName() throws IOException {
    write("in/backup.tar.gz", packed("gz", "some file\0"));
    assertFails("in", "backup.tar.gz: it is neither JSON nor Parquet; move it out of the folder");
    write("rows.parquet.gz", packed("gz", "PAR1..."));
    assertFails("rows.parquet.gz", "rows.parquet.gz: it is a compressed Parquet file");
    write("twice.jsonl.gz", packed("gz", packed("zst", ROW)));
    assertFails("twice.jsonl.gz", "twice.jsonl.gz: it is compressed");
    write("rows.jsonl.bz2", "BZh91AY".getBytes(StandardCharsets.US_ASCII));
    assertFails(
        "rows.jsonl.bz2", "rows.jsonl.bz2: it is compressed, expected JSON Lines, packed by");
    write("rows.parquet", packed("gz", ROW));
    assertFails("rows.parquet", "rows.parquet: it does not begin with PAR1");
    write("wide.jsonl.gz", packed("gz", ROW.getBytes(StandardCharsets.UTF_16)));
    assertFails("wide.jsonl.gz", "wide.jsonl; expected UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void aFileThatWasCutOffFails(String suffix) throws IOException {
    byte[] whole = packed(suffix, ROW.repeat(10) + "y".repeat(50_000));
    write("rows.jsonl", Arrays.copyOf(whole, whole.length - 6));

    assertThatThrownBy(() -> lines(splits("rows.jsonl").get(0)))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT))
        .hasMessageStartingWith("Cannot read file:")
        .hasMessageEndingWith("; check that the file exists and is complete");
  }

  @Test
  void aFileThatUnpacksTooFarFails() {
    byte[] bytes = new byte[2 << 20];

    assertThatThrownBy(
            () ->
                new CappedInput(new ByteArrayInputStream(bytes), 1 << 20, "s3a://b/rows.gz")
                    .readAllBytes())
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT))
        .hasMessage(
            "Cannot read s3a://b/rows.gz: it unpacks to more than 1 MiB, expected at most 200 times"
                + " its size; if that is right, unpack it");
    assertThat(CappedInput.most(10)).isEqualTo(64L << 20);
    assertThat(CappedInput.most(1L << 30)).isEqualTo(200L << 30);
  }

  @Test
  void aBombIsStoppedWhileItIsRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes)) {
      byte[] blank = new byte[1 << 20];
      Arrays.fill(blank, (byte) '\n');
      out.write(ROW.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 65; i++) {
        out.write(blank);
      }
    }
    write("bomb.jsonl", bytes.toByteArray());
    InputSplit split = splits("bomb.jsonl").get(0);

    assertThatThrownBy(() -> lines(split)).hasMessageContaining("it unpacks to more than 64 MiB");
  }

  private static byte[] packed(String suffix, String text) throws IOException {
    return packed(suffix, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] packed(String suffix, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        suffix.equals("gz") ? new GZIPOutputStream(bytes) : new ZstdOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private void write(String name, byte[]... parts) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      for (byte[] part : parts) {
        out.write(part);
      }
    }
  }

  private List<InputSplit> splits(String name) {
    URI uri = folder.resolve(name).toUri();
    return inputs.splits(CorpusSet.FORGET, inputs.list(List.of(uri)).files(), 0);
  }

  private List<String> lines(InputSplit split) throws IOException {
    List<String> lines = new ArrayList<>();
    try (JsonLinesInput input = new JsonLinesInput(split, configuration)) {
      while (input.next()) {
        lines.add(input.line() + " " + new String(input.bytes(), StandardCharsets.UTF_8));
      }
    }
    return lines;
  }

  private void assertFails(String name, String part) {
    assertThatThrownBy(() -> splits(name))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT))
        .hasMessageContaining(part);
  }
}
