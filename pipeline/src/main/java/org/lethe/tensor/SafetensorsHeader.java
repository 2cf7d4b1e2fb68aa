package org.lethe.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lethe.error.SafetensorsErrors;

/**
 * The checked header of one safetensors file: a JSON object of tensors. They cover the data area
 * without overlap, hole or rest, and the size of each matches its shape and dtype.
 *
 * @param tensors by name, in the order of the file
 * @param metadata the {@code __metadata__} map
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {
  /** The limit of the reference implementation. */
  static final long MAX_BYTES = 100_000_000;

  /** Bytes before the header: its length, little-endian. */
  static final int LENGTH_BYTES = 8;

  private static final String METADATA = "__metadata__";
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

  /** Rejects a name that occurs twice instead of using the last one silently. */
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(16).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A tensor and its place in the data area, [begin, end). */
  record Entry(TensorInfo info, long begin, long end) {}

  /**
   * Parses and checks a header.
   *
   * @param file name of the file in messages
   * @param header the header's bytes
   * @param dataBytes size of the data area
   */
  static SafetensorsHeader parse(Object file, byte[] header, long dataBytes) {
    if (header.length == 0 || header[0] != '{') {
      throw SafetensorsErrors.headerNotJson(file, "it does not begin with '{'");
    }
    JsonNode root;
    try {
      root = JSON.readTree(header);
    } catch (JsonProcessingException e) {
      throw SafetensorsErrors.headerNotJson(file, e.getOriginalMessage());
    } catch (IOException e) {
      throw SafetensorsErrors.unreadable(file, e);
    }
    Map<String, String> metadata = Map.of();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        metadata = metadata(file, field.getValue());
      } else {
        entries.add(entry(file, field.getKey(), field.getValue(), dataBytes));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkCoverage(file, entries, dataBytes);
    Map<String, Entry> tensors = new LinkedHashMap<>();
    entries.forEach(entry -> tensors.put(entry.info().name(), entry));
    return new SafetensorsHeader(
        Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
  }

  private static Map<String, String> metadata(Object file, JsonNode node) {
    if (!node.isObject()) {
      throw SafetensorsErrors.headerNotJson(file, METADATA + " is not an object");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw SafetensorsErrors.headerNotJson(file, METADATA + " holds a value that is no string");
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
    return metadata;
  }

  private static Entry entry(Object file, String name, JsonNode node, long dataBytes) {
    if (!node.isObject()) {
      throw SafetensorsErrors.badEntry(file, name, "not an object");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw SafetensorsErrors.badEntry(
            file, name, "unknown field; expected dtype, shape and data_offsets");
      }
    }
    JsonNode dtypeName = node.path("dtype");
    if (!dtypeName.isTextual()) {
      throw SafetensorsErrors.badEntry(file, name, "dtype is missing or no string");
    }
    Dtype dtype =
        Dtype.ofName(dtypeName.textValue())
            .orElseThrow(() -> SafetensorsErrors.unknownDtype(file, name, dtypeName.textValue()));
    List<Long> shape = sizes(file, name, node.path("shape"), "shape");
    List<Long> offsets = sizes(file, name, node.path("data_offsets"), "data_offsets");
    if (offsets.size() != 2) {
      throw SafetensorsErrors.badEntry(
          file, name, "data_offsets has " + offsets.size() + " numbers, expected 2");
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (begin > end || end > dataBytes) {
      throw SafetensorsErrors.outOfBounds(file, name, begin, end, dataBytes);
    }
    TensorInfo info = new TensorInfo(name, dtype, shape);
    checkSize(file, info, end - begin);
    return new Entry(info, begin, end);
  }

  private static List<Long> sizes(Object file, String name, JsonNode node, String field) {
    if (!node.isArray()) {
      throw SafetensorsErrors.badEntry(file, name, field + " is missing or no list");
    }
    List<Long> sizes = new ArrayList<>(node.size());
    for (JsonNode number : node) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw SafetensorsErrors.badEntry(
            file, name, field + " holds something else than whole numbers from 0 to 2^63 - 1");
      }
      sizes.add(number.longValue());
    }
    return sizes;
  }

  private static void checkSize(Object file, TensorInfo info, long found) {
    long expected;
    try {
      expected = info.bytes();
    } catch (ArithmeticException e) {
      throw SafetensorsErrors.sizeOverflow(file, info.name(), info.toString());
    }
    if (expected != found) {
      throw SafetensorsErrors.sizeMismatch(
          file, info.name(), info + " (" + expected + " bytes)", found);
    }
  }

  private static void checkCoverage(Object file, List<Entry> sorted, long dataBytes) {
    long covered = 0;
    String last = "";
    for (Entry entry : sorted) {
      if (entry.begin() < covered) {
        throw SafetensorsErrors.overlap(file, last, entry.info().name());
      }
      if (entry.begin() > covered) {
        throw SafetensorsErrors.hole(file, entry.info().name(), covered, entry.begin());
      }
      covered = entry.end();
      last = entry.info().name();
    }
    if (covered != dataBytes) {
      throw SafetensorsErrors.trailingBytes(file, covered, dataBytes);
    }
  }
}
