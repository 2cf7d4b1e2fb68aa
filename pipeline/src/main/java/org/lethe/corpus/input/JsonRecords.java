package org.lethe.corpus.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lethe.corpus.input.InputRow.Place;
import org.lethe.corpus.input.InputRow.Rejected;

/**
 * Parses one line of JSON into the fields of a record. Jackson's messages never leave this class.
 */
public final class JsonRecords {
  static final JsonMapper JSON =
      JsonMapper.builder()
          // Python writes them. A field that needs a number rejects them.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
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
    return make(place, node, line);
  }

  /** Returns the row of an element of an array. */
  InputRow make(Place place, JsonArrayInput.Element element) {
    byte[] raw = element.bytes();
    if (element.node().isEmpty()) {
      return rejected(place, Defect.BAD_JSON, raw);
    }
    if (raw.length > JsonLinesInput.LONGEST_LINE) {
      return rejected(place, Defect.LINE_TOO_LONG, Arrays.copyOf(raw, JsonLinesInput.LONGEST_LINE));
    }
    return make(place, element.node().get(), raw);
  }

  private InputRow make(Place place, JsonNode node, byte[] raw) {
    return node.isObject()
        ? rows.make(place, new ObjectFields(node), () -> raw)
        : rejected(place, Defect.NOT_AN_OBJECT, raw);
  }

  static Rejected rejected(Place place, Defect defect, byte[] raw) {
    return new Rejected(place, defect, "", "", "", List.of(), raw);
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
      if (value.isIntegralNumber()) {
        return new Field(Type.INTEGER, value.asText());
      }
      if (value.isNumber()) {
        return Field.number(value.doubleValue(), value.asText());
      }
      if (value.isBoolean()) {
        return new Field(Type.BOOLEAN, value.asText());
      }
      return new Field(value.isArray() ? Type.LIST : Type.OBJECT, "");
    }

    @Override
    public List<String> names() {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      return names;
    }
  }
}
