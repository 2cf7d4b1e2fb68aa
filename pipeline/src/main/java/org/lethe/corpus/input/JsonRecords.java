package org.lethe.corpus.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.corpus.input.InputRow.Place;
import org.lethe.corpus.input.InputRow.Rejected;

/**
 * Parses one line of JSON into the fields of a record. Jackson's messages never leave this class.
 */
public final class JsonRecords {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          // Rejects two values with one name: it would be unclear which of them to train on.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final RowMaker rows;

  JsonRecords(RowMaker rows) {
    this.rows = rows;
  }

  /** Returns the row of one line, given without its line end. */
  InputRow parse(Place place, byte[] line) {
    Optional<String> text = utf8(line);
    if (text.isEmpty()) {
      return rejected(place, Defect.BAD_UTF8, line);
    }
    JsonNode node;
    try {
      node = JSON.readTree(text.get());
    } catch (JsonProcessingException e) {
      return rejected(place, Defect.BAD_JSON, line);
    }
    if (!node.isObject()) {
      return rejected(place, Defect.NOT_AN_OBJECT, line);
    }
    return rows.make(place, new ObjectFields(node), () -> line);
  }

  static Rejected rejected(Place place, Defect defect, byte[] raw) {
    return new Rejected(place, defect, "", "", List.of(), raw);
  }

  /** Decodes strictly; returns empty if the bytes are not UTF-8. */
  static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Returns a row as a JSON object, for the quarantine of rows from other formats. */
  public static byte[] toBytes(FieldNames names, ShardRow row) {
    return JSON.createObjectNode()
        .put(names.id(), row.id())
        .put(names.prompt(), row.prompt())
        .put(names.completion(), row.completion())
        .put(names.task(), row.task())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private record ObjectFields(JsonNode node) implements Fields {
    @Override
    public Field field(String name) {
      JsonNode value = node.get(name);
      if (value == null || value.isNull()) {
        return Field.ABSENT;
      }
      if (value.isTextual()) {
        return new Field(Type.STRING, value.textValue());
      }
      return new Field(value.isIntegralNumber() ? Type.INTEGER : Type.OTHER, value.asText());
    }

    @Override
    public List<String> names() {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      return names;
    }
  }
}
