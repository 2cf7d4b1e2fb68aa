package org.lethe.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonLinesInputTest {
  private static final String TEXT =
      "first\nsecond\r\n\n   \nfifth, longer than any split of the file\n\r\nlast\n\nend";
  private static final List<String> EXPECTED =
      List.of(
          "1 first", "2 second", "5 fifth, longer than any split of the file", "7 last", "9 end");

  private final Configuration configuration = new Configuration();

  @TempDir Path folder;

  @Test
  void everyLineIsReadOnceForAnySplitSize() throws IOException {
    Path file = folder.resolve("lines.jsonl");
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes);
    for (int size = 1; size <= bytes.length + 1; size++) {
      assertThat(readInSplits(file, bytes.length, size)).isEqualTo(EXPECTED);
    }
  }

  private List<String> readInSplits(Path file, long length, long size) throws IOException {
    List<String> lines = new ArrayList<>();
    long first = 1;
    for (long start = 0; start < length; start += size) {
      InputSplit split =
          new InputSplit(
              0,
              CorpusSet.FORGET,
              0,
              file.toUri().toString(),
              InputSplit.Format.JSON_LINES,
              start,
              Math.min(size, length - start),
              first,
              new TreeMap<>());
      try (JsonLinesInput input = new JsonLinesInput(split, configuration)) {
        while (input.next()) {
          lines.add(input.line() + " " + new String(input.bytes(), StandardCharsets.UTF_8));
        }
      }
      try (JsonLinesInput input = new JsonLinesInput(split, configuration)) {
        first += input.countLines();
      }
    }
    return lines;
  }
}
