package org.lethe.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.lethe.corpus.input.InputRow.Place;

/** Any line becomes a row or a rejection; parsing never throws. */
final class JsonRecordsTest {
  private static final String RECORD =
      "{\"id\":\"a\",\"input\":\"W\u00e9r"
          + " \\ud83d\\ude00?\",\"output\":\"So.\",\"more\":[{\"x\":1e9}]}";

  private final JsonRecords records =
      new JsonRecords(new RowMaker(FieldNames.lume(), RowFilter.all(), new CharacterEncoder(), 32));

  @Property(seed = "42", tries = 500)
  void randomBytesAreRejected(@ForAll @Size(max = 50) byte[] line) {
    assertThat(parse(line)).isInstanceOf(InputRow.Rejected.class);
  }

  @Property(seed = "42", tries = 2000)
  void aRecordWithOneByteChanged(
      @ForAll @IntRange(max = 1000) int position, @ForAll byte replacement) {
    byte[] line = RECORD.getBytes(StandardCharsets.UTF_8);
    line[position % line.length] = replacement;

    assertThat(parse(line)).isNotInstanceOf(InputRow.Filtered.class);
  }

  @Property(seed = "42", tries = 300)
  void jsonTokensInAnyOrder(@ForAll("tokens") List<String> tokens) {
    assertThat(parse(String.join("", tokens).getBytes(StandardCharsets.UTF_8)))
        .isNotInstanceOf(InputRow.Filtered.class);
  }

  @Property(seed = "42", tries = 1)
  void brokenNestingOfAnyDepth() {
    byte[] line = ("{\"input\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);

    assertThat(parse(line))
        .isInstanceOfSatisfying(
            InputRow.Rejected.class, row -> assertThat(row.defect()).isEqualTo(Defect.BAD_JSON));
  }

  @Provide
  Arbitrary<List<String>> tokens() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"id\"",
            "\"input\"",
            "\"output\"",
            "\"\\ud800\"",
            "1",
            "1e999999999",
            "null",
            "true",
            "NaN",
            "\ufeff",
            "\u0000",
            "\\u0000")
        .list()
        .ofMaxSize(30);
  }

  private InputRow parse(byte[] line) {
    return records.parse(new Place(0, 0, 0, 1), line);
  }
}
