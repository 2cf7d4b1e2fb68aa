package org.lethe.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The layout of tensors over the files to write, and the JSON that describes it. */
final class SafetensorsPlan {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HEADER_ALIGNMENT = 8;

  private SafetensorsPlan() {}

  /**
   * Groups tensors by file. Each file has at most the given number of bytes, or a single tensor.
   */
  static List<List<TensorInfo>> shards(List<TensorInfo> tensors, long fileLimit) {
    List<List<TensorInfo>> shards = new ArrayList<>();
    List<TensorInfo> current = new ArrayList<>();
    long bytes = 0;
    for (TensorInfo info : tensors) {
      if (!current.isEmpty() && bytes + info.bytes() > fileLimit) {
        shards.add(current);
        current = new ArrayList<>();
        bytes = 0;
      }
      current.add(info);
      bytes += info.bytes();
    }
    shards.add(current);
    return shards;
  }

  /**
   * Orders by dtype, widest first, then by name, so that every tensor is aligned to its element
   * size.
   */
  static List<TensorInfo> ordered(Collection<TensorInfo> tensors) {
    List<TensorInfo> ordered = new ArrayList<>(tensors);
    ordered.sort(
        (a, b) ->
            a.dtype().bytes() != b.dtype().bytes()
                ? Integer.compare(b.dtype().bytes(), a.dtype().bytes())
                : a.name().compareTo(b.name()));
    return ordered;
  }

  /** Returns the header of a file, padded with blanks so that the values are aligned. */
  static byte[] header(List<TensorInfo> tensors, Map<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode strings = root.putObject("__metadata__");
      new TreeMap<>(metadata).forEach(strings::put);
    }
    long position = 0;
    for (TensorInfo info : tensors) {
      ObjectNode entry = root.putObject(info.name());
      entry.put("dtype", info.dtype().name());
      ArrayNode shape = entry.putArray("shape");
      info.shape().forEach(size -> shape.add((long) size));
      entry.putArray("data_offsets").add(position).add(position + info.bytes());
      position += info.bytes();
    }
    byte[] json = toJson(root);
    int padded = (json.length + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
    byte[] header = Arrays.copyOf(json, padded);
    Arrays.fill(header, json.length, padded, (byte) ' ');
    return header;
  }

  /** Returns the index of a model in several files: the file of each tensor. */
  static byte[] index(Map<String, String> files, long totalBytes) {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("metadata").put("total_size", totalBytes);
    ObjectNode map = root.putObject("weight_map");
    new TreeMap<>(files).forEach(map::put);
    return toJson(root);
  }

  private static byte[] toJson(ObjectNode root) {
    try {
      return JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
