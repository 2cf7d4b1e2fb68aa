package org.lethe.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/** Which files a user's path means, and what each of them is. */
final class InputFilesTest {
  private static final String ROW = "{\"input\":\"p\",\"output\":\"c\"}\n";

  @TempDir private Path folder;

  private final InputFiles inputs =
      new InputFiles(new Configuration(), FieldNames.lume(), 32L << 20);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "part-2024-01-01T00:00:00.jsonl",
        "a b.jsonl",
        "data[1].jsonl",
        "{x,y}.jsonl",
        "50%20.jsonl",
        "what?.jsonl",
        "star*.jsonl",
        "größe-данные.jsonl",
        "a#b&c.jsonl",
        "back\\slash.jsonl",
        "~tilde$.jsonl"
      })
  void everyNameIsReadAsAFileInAFolderAndByAGlob(String name) throws IOException {
    write("in/" + name, ROW);
    write("in/other.jsonl", ROW);

    assertThat(names(folder.resolve("in/" + name).toUri())).containsExactly(name);
    assertThat(names(folder.resolve("in").toUri())).containsExactlyInAnyOrder(name, "other.jsonl");
    assertThat(names(glob("in/*.jsonl"))).containsExactlyInAnyOrder(name, "other.jsonl");
    assertThat(firstPath(folder.resolve("in/" + name).toUri())).endsWith("/in/" + name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "in/part-?.jsonl | part-0.jsonl part-1.jsonl",
        "in/part-[1-9].jsonl | part-1.jsonl",
        "in/{part-0,more}.jsonl | more.jsonl part-0.jsonl",
        "i*/m*l | more.jsonl",
        "in/{part-0.jsonl,deep/below.jsonl} | below.jsonl part-0.jsonl",
        "in/*/below.jsonl | below.jsonl",
        "in/part\\-0.jsonl | part-0.jsonl"
      })
  void globs(String pattern, String expected) throws IOException {
    for (String name : List.of("part-0", "part-1", "more", "deep/below")) {
      write("in/" + name + ".jsonl", ROW);
    }

    assertThat(names(glob(pattern))).containsExactlyInAnyOrder(expected.split(" "));
  }

  @Test
  void bookkeepingFilesAndCompanionsHaveNoRows() throws IOException {
    write("in/part-0.jsonl", ROW);
    write("in/part-1", ROW);
    for (String name :
        List.of(
            "_SUCCESS",
            ".part-0.jsonl.crc",
            ".DS_Store",
            "_temporary/0/part.jsonl",
            "README.md",
            "README",
            "LICENSE.txt",
            "make.py",
            "figure.png")) {
      write("in/" + name, "# words");
    }

    assertThat(names(folder.resolve("in").toUri())).containsExactly("part-0.jsonl", "part-1");
    // Those that a person wrote, not the bookkeeping.
    assertThat(inputs.list(List.of(folder.resolve("in").toUri())).skipped()).isEqualTo(5);
    assertThat(names(glob("in/*"))).contains("part-0.jsonl").doesNotContain("_SUCCESS");
  }

  @Test
  void aHiddenFileIsReadIfItIsNamed() throws IOException {
    write("_rows.jsonl", ROW);

    assertThat(names(folder.resolve("_rows.jsonl").toUri())).containsExactly("_rows.jsonl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.csv", "rows.avro", "notes.txt"})
  void otherFilesInAFolderAreRefusedByName(String name) throws IOException {
    write("in/part-0.jsonl", ROW);
    write("in/" + name, "id,input,output\n");

    assertFails(
        folder.resolve("in").toUri(),
        "/in/" + name + ": it is neither JSON nor Parquet; move it out of the folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE"})
  void textInUtf16IsNamed(String charset) throws IOException {
    String mark = charset.equals("UTF-16") ? "" : "\ufeff";
    Files.createDirectories(folder.resolve("in"));
    Files.write(folder.resolve("in/rows.jsonl"), (mark + ROW).getBytes(charset));

    assertFails(
        folder.resolve("in").toUri(), "rows.jsonl; expected UTF-8; convert it, for example with");
    assertFails(folder.resolve("in/rows.jsonl").toUri(), "Text in UTF-16: ");
  }

  @Test
  void pointersOfGitLfsAreNamed() throws IOException {
    write(
        "in/rows.jsonl",
        "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 9\n");

    assertFails(folder.resolve("in/rows.jsonl").toUri(), "git lfs pull");
    assertFails(folder.resolve("in").toUri(), "git lfs pull");
  }

  @Test
  void foldersOfTablesAreRefused() throws IOException {
    write("delta/_delta_log/00000000000000000000.json", "{}");
    write("delta/day=1/part-0.jsonl", ROW);
    write("hudi/.hoodie/hoodie.properties", "");
    write("hudi/part-0.jsonl", ROW);
    write("iceberg/metadata/v1.metadata.json", "{}");
    write("iceberg/data/part-0.jsonl", ROW);

    for (String inside : List.of("delta", "delta/day=1", "delta/day=1/part-0.jsonl")) {
      assertFails(
          folder.resolve(inside).toUri(),
          "/delta: it is the folder of a Delta table, whose files also hold deleted rows; export"
              + " the current rows with Spark");
    }
    assertFails(glob("delta/*/*.jsonl"), "Delta table");
    assertFails(folder.resolve("hudi").toUri(), "/hudi: it is the folder of a Hudi table");
    for (String inside : List.of("iceberg", "iceberg/data", "iceberg/data/part-0.jsonl")) {
      assertFails(folder.resolve(inside).toUri(), "/iceberg: it is the folder of a Iceberg table");
    }
  }

  @Test
  void foldersOfPartitionsGiveColumns() throws IOException {
    write("in/task=Task%201/day=__HIVE_DEFAULT_PARTITION__/a+b=c=d/part-0.jsonl", ROW);

    List<InputSplit> splits = splits(folder.resolve("in").toUri());

    assertThat(splits).hasSize(1);
    assertThat(splits.get(0).columns()).isEqualTo(Map.of("task", "Task 1", "a+b", "c=d"));
  }

  @Test
  void theBytesDecideTheFormat() throws IOException {
    write("array.json", "\ufeff\n [ \n {\"input\":1} ]");
    write("lists.jsonl", "[1]\n[2]\n");
    write("empty.json", "[]\n");

    assertThat(splits(folder.resolve("array.json").toUri()).get(0).format())
        .isEqualTo(InputSplit.Format.JSON_ARRAY);
    assertThat(splits(folder.resolve("lists.jsonl").toUri()).get(0).format())
        .isEqualTo(InputSplit.Format.JSON_LINES);
    assertThat(splits(folder.resolve("empty.json").toUri()).get(0).format())
        .isEqualTo(InputSplit.Format.JSON_ARRAY);
  }

  @Test
  void symbolicLinksAreFollowed() throws IOException {
    write("real/part-0.jsonl", ROW);
    write("in/part-1.jsonl", ROW);
    Files.createSymbolicLink(folder.resolve("in/linked"), folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("whole"), folder.resolve("in"));

    assertThat(names(folder.resolve("whole").toUri()))
        .containsExactly("part-0.jsonl", "part-1.jsonl");
  }

  @Test
  void aLinkToAFolderAboveIsRefused() throws IOException {
    write("in/deep/part-0.jsonl", ROW);
    Files.createSymbolicLink(folder.resolve("in/deep/again"), folder.resolve("in"));

    assertFails(
        folder.resolve("in").toUri(), "again: this symbolic link leads to a folder above it");
  }

  @Test
  void aLinkWithoutATargetIsRefused() throws IOException {
    write("in/part-0.jsonl", ROW);
    Files.createSymbolicLink(folder.resolve("in/part-1.jsonl"), folder.resolve("gone.jsonl"));

    assertFails(
        folder.resolve("in").toUri(),
        "part-1.jsonl: the target of this symbolic link does not exist");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private URI glob(String pattern) {
    return new org.apache.hadoop.fs.Path(folder.toUri().toString() + "/" + pattern).toUri();
  }

  private List<String> names(URI uri) {
    return inputs.list(List.of(uri)).files().stream()
        .map(file -> file.getPath().getName())
        .toList();
  }

  private List<InputSplit> splits(URI uri) {
    return inputs.splits(CorpusSet.FORGET, inputs.list(List.of(uri)).files(), 0);
  }

  private String firstPath(URI uri) {
    return splits(uri).get(0).path();
  }

  private void assertFails(URI uri, String part) {
    assertThatThrownBy(() -> splits(uri))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT))
        .hasMessageContaining(part);
  }
}
