package org.lethe.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.corpus.input.InputRow.Place;

/** Values that other tools write, and the reasons for those that cannot be used. */
final class RecordFieldsTest {
  @TempDir private Path folder;

  private final RowMaker rows =
      new RowMaker(FieldNames.lume(), RowFilter.all(), new CharacterEncoder(), 32);
  private final JsonRecords records = new JsonRecords(rows);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"score\": NaN, \"input\": \"p\", \"output\": \"c\", \"id\": \"a\"} | a | ''",
        "{\"score\": -Infinity, \"input\": \"p\", \"output\": \"c\", \"id\": 7} | 7 | ''",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": 1.0} | 1 | ''",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": 1e3} | 1000 | ''",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": 1.5} | 1.5 | ''",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": 1, \"task\": 3} | 1 | 3",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": 1, \"task\": 3.0} | 1 | 3",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": 1, \"task\": true} | 1 | true"
      })
  void valuesOfOtherToolsAreRead(String line, String id, String task) {
    assertThat(parse(line))
        .isInstanceOfSatisfying(
            InputRow.Accepted.class,
            row -> {
              assertThat(row.row().id()).isEqualTo(id);
              assertThat(row.row().task()).isEqualTo(task);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"input\": 7, \"output\": \"c\"} | wrong-type input (number)",
        "{\"input\": \"p\", \"output\": [\"c\"]} | wrong-type output (list)",
        "{\"input\": {\"a\": 1}, \"output\": \"c\"} | wrong-type input (object)",
        "{\"input\": \"p\", \"output\": true} | wrong-type output (boolean)",
        "{\"input\": \"p\", \"output\": NaN} | wrong-type output (NaN or infinity)",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": NaN} | bad-id id (NaN or infinity)",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": []} | bad-id id (list)",
        "{\"input\": \"p\", \"output\": \"c\", \"id\": \" \"} | bad-id id (blank text)",
        "{\"input\": \"p\", \"output\": \"c\", \"task\": {}} | wrong-type task (object)",
        "{\"input\": \"p\"} | missing-field output"
      })
  void reasonsNameTheFieldAndTheKindOfValue(String line, String reason) {
    assertThat(parse(line))
        .isInstanceOfSatisfying(
            InputRow.Rejected.class, row -> assertThat(row.reason()).isEqualTo(reason));
  }

  @Test
  void anArrayIsReadElementByElement() throws IOException {
    List<InputRow> found =
        readArray(
            """
            [
              {"id": 1, "input": "p", "output": "c"},
              "text",
              {"id": 2,
               "input": "q", "output": "d"}
            ]
            """);

    assertThat(found).extracting(row -> row.place().line()).containsExactly(2L, 3L, 4L);
    assertThat(found.get(0)).isInstanceOf(InputRow.Accepted.class);
    assertThat(((InputRow.Rejected) found.get(1)).reason()).isEqualTo("not-an-object");
    assertThat(((InputRow.Accepted) found.get(2)).row().id()).isEqualTo("2");
  }

  @Test
  void anArrayThatEndsTooEarlyHasAMalformedLastRow() throws IOException {
    for (String end : List.of("", ",{\"id\": 2, \"inp", "nonsense]")) {
      List<InputRow> found = readArray("[{\"id\": 1, \"input\": \"p\", \"output\": \"c\"}" + end);

      assertThat(found).hasSize(2);
      assertThat(((InputRow.Rejected) found.get(1)).reason()).isEqualTo("bad-json");
    }
  }

  @Test
  void columnsOfFoldersCompleteARecord() {
    TreeMap<String, String> columns = new TreeMap<>();
    columns.put("task", "Task1");
    columns.put("id", "from-the-folder");
    JsonRecords inFolder = new JsonRecords(rows.in(columns));

    InputRow.Accepted row =
        (InputRow.Accepted)
            inFolder.parse(
                new Place(0, 0, 0, 1),
                "{\"id\":\"own\",\"input\":\"p\",\"output\":\"c\"}"
                    .getBytes(StandardCharsets.UTF_8));

    assertThat(row.row().task()).isEqualTo("Task1");
    assertThat(row.row().id()).isEqualTo("own");
  }

  private InputRow parse(String line) {
    return records.parse(new Place(0, 0, 0, 1), line.getBytes(StandardCharsets.UTF_8));
  }

  private List<InputRow> readArray(String text) throws IOException {
    Path file = folder.resolve("array.json");
    Files.writeString(file, text);
    InputSplit split =
        new InputSplit(
            0,
            CorpusSet.FORGET,
            0,
            file.toUri().toString(),
            InputSplit.Format.JSON_ARRAY,
            0,
            Files.size(file),
            1,
            new TreeMap<>());
    List<InputRow> found = new ArrayList<>();
    try (JsonArrayInput input = new JsonArrayInput(split, new Configuration())) {
      for (Optional<JsonArrayInput.Element> element = input.next();
          element.isPresent();
          element = input.next()) {
        found.add(records.make(new Place(0, found.size(), 0, input.line()), element.get()));
      }
    }
    return found;
  }
}
