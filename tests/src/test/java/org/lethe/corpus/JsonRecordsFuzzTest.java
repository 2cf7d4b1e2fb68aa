package org.lethe.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.lethe.corpus.InputRow.Place;
import org.lethe.text.EncodedExample;
import org.lethe.text.Example;

/** Whatever stands in a line, it becomes a row or is set aside, and nothing is thrown. */
final class JsonRecordsFuzzTest {
  private static final RowEncoder ENCODER =
      (id, prompt, completion, maxLength) ->
          new EncodedExample(new Example(id, new int[] {1, 2}, 1), 0);

  @FuzzTest
  void nothingIsThrown(byte[] line) {
    JsonRecords records =
        new JsonRecords(new RowMaker(FieldNames.lume(), RowFilter.all(), ENCODER, 8));

    InputRow row = records.parse(new Place(0, 0, 0, 1), line);

    assertThat(row).isNotInstanceOf(InputRow.Filtered.class);
  }
}
