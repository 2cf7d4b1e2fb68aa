package org.lethe.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.lethe.error.SafetensorsErrors;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Tensors of one safetensors file, or of several with one {@code model.safetensors.index.json}.
 *
 * <p>Strict: it checks every rule of the reference implementation before it reads a tensor (a
 * header of at most 100 MB, no duplicate names, offsets in bounds, no overlap, no hole, no rest,
 * size equal to shape times dtype). So it never reads outside the file, and allocates nothing that
 * the file does not contain. A file and a tensor may be larger than 2 GiB. Safe for use by several
 * threads.
 */
public final class SafetensorsReader {
  /** File name of unsharded weights. */
  public static final String SINGLE_FILE = "model.safetensors";

  /** File name of the index of sharded weights. */
  public static final String INDEX_FILE = "model.safetensors.index.json";

  private static final int CHUNK_BYTES = 1 << 19;
  private static final int CHUNK_ELEMENTS = 1 << 18;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path path;
  private final List<Path> files;
  private final Map<String, TensorPlace> places;
  private final Map<String, String> metadata;

  private SafetensorsReader(
      Path path, List<Path> files, Map<String, TensorPlace> places, Map<String, String> metadata) {
    this.path = path;
    this.files = List.copyOf(files);
    this.places = Collections.unmodifiableMap(places);
    this.metadata = metadata;
  }

  /**
   * Opens a safetensors file, an index, or a directory that contains one of them under its usual
   * name. If a directory contains both, the single file is used, as in transformers.
   */
  public static SafetensorsReader open(Path path) {
    return open(path, CHUNK_BYTES);
  }

  /** Opens with a chunk size that lets tests cross chunks without megabytes. */
  static SafetensorsReader open(Path path, int chunkBytes) {
    if (!Files.isDirectory(path)) {
      if (!Files.isRegularFile(path)) {
        throw SafetensorsErrors.notFound(path);
      }
      return path.getFileName().toString().endsWith(".json")
          ? openIndex(path, chunkBytes)
          : openFile(path, chunkBytes);
    }
    if (Files.isRegularFile(path.resolve(SINGLE_FILE))) {
      return openFile(path.resolve(SINGLE_FILE), chunkBytes);
    }
    if (Files.isRegularFile(path.resolve(INDEX_FILE))) {
      return openIndex(path.resolve(INDEX_FILE), chunkBytes);
    }
    throw SafetensorsErrors.notFound(path);
  }

  private static SafetensorsReader openFile(Path file, int chunkBytes) {
    Map<String, TensorPlace> places = new LinkedHashMap<>();
    Map<String, String> metadata = readHeader(file, chunkBytes, places);
    return new SafetensorsReader(file, List.of(file), places, metadata);
  }

  private static SafetensorsReader openIndex(Path index, int chunkBytes) {
    Map<String, String> shardOf = readIndex(index);
    Map<String, TensorPlace> places = new LinkedHashMap<>();
    List<Path> files = new ArrayList<>();
    files.add(index);
    for (String shard : new TreeSet<>(shardOf.values())) {
      Path file = index.resolveSibling(shard);
      if (!Files.isRegularFile(file)) {
        throw SafetensorsErrors.missingShard(index, shard);
      }
      Map<String, TensorPlace> found = new LinkedHashMap<>();
      readHeader(file, chunkBytes, found);
      for (Map.Entry<String, TensorPlace> tensor : found.entrySet()) {
        if (!shard.equals(shardOf.get(tensor.getKey()))) {
          throw SafetensorsErrors.duplicateTensor(index, tensor.getKey(), shard);
        }
      }
      places.putAll(found);
      files.add(file);
    }
    shardOf.forEach(
        (tensor, shard) -> {
          if (!places.containsKey(tensor)) {
            throw SafetensorsErrors.missingInShard(index, tensor, shard);
          }
        });
    return new SafetensorsReader(index, files, places, Map.of());
  }

  /** Returns the file name of each tensor. Rejects a file name that leads out of the directory. */
  private static Map<String, String> readIndex(Path index) {
    PointerFile.reject(index);
    JsonNode root;
    try {
      if (Files.size(index) > SafetensorsHeader.MAX_BYTES) {
        throw SafetensorsErrors.indexNotJson(index, "it is larger than 100 MB");
      }
      root = JSON.readTree(Files.readAllBytes(index));
    } catch (JsonProcessingException e) {
      throw SafetensorsErrors.indexNotJson(index, e.getOriginalMessage());
    } catch (IOException e) {
      throw SafetensorsErrors.unreadable(index, e);
    }
    JsonNode map = root.path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw SafetensorsErrors.indexNotJson(index, "weight_map is missing or empty");
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : map.properties()) {
      String shard = field.getValue().isTextual() ? field.getValue().textValue() : "";
      if (!shard.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
        throw SafetensorsErrors.shardPath(index, shard);
      }
      shardOf.put(field.getKey(), shard);
    }
    return shardOf;
  }

  private static Map<String, String> readHeader(
      Path file, int chunkBytes, Map<String, TensorPlace> places) {
    PointerFile.reject(file);
    try {
      TensorFile opened = TensorFile.open(file, chunkBytes);
      long size = opened.size();
      if (size < SafetensorsHeader.LENGTH_BYTES) {
        throw SafetensorsErrors.tooShort(file, size);
      }
      long length = opened.slice(0, Long.BYTES, Long.BYTES).getLong();
      if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
        String unsigned = new BigInteger(Long.toUnsignedString(length)).toString();
        throw SafetensorsErrors.headerTooLarge(file, unsigned, SafetensorsHeader.MAX_BYTES);
      }
      long dataBegin = SafetensorsHeader.LENGTH_BYTES + length;
      if (dataBegin > size) {
        throw SafetensorsErrors.headerBeyondFile(file, length, size);
      }
      byte[] bytes = new byte[(int) length];
      copyBytes(opened, SafetensorsHeader.LENGTH_BYTES, bytes);
      SafetensorsHeader header = SafetensorsHeader.parse(file, bytes, size - dataBegin);
      header
          .tensors()
          .forEach(
              (name, entry) ->
                  places.put(
                      name, new TensorPlace(entry.info(), opened, dataBegin + entry.begin())));
      return header.metadata();
    } catch (IOException e) {
      throw SafetensorsErrors.unreadable(file, e);
    }
  }

  private static void copyBytes(TensorFile file, long position, byte[] target) {
    for (int done = 0; done < target.length; ) {
      ByteBuffer slice = file.slice(position + done, target.length - done, 1);
      int count = slice.remaining();
      slice.get(target, done, count);
      done += count;
    }
  }

  /** The opened file or index. */
  public Path path() {
    return path;
  }

  /** All opened files, the index first. */
  public List<Path> files() {
    return files;
  }

  /** The names of all tensors. */
  public Set<String> names() {
    return new LinkedHashSet<>(places.keySet());
  }

  public boolean contains(String name) {
    return places.containsKey(name);
  }

  /** Returns dtype and shape of a tensor. An unknown name is an INPUT error. */
  public TensorInfo info(String name) {
    return place(name).info();
  }

  /** The header's own map of strings; empty for sharded weights. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Reads a whole floating tensor. Rounds F64 to FLOAT. */
  public void read(String name, float[] target) {
    TensorPlace place = floating(name, target.length);
    place.read(0, target, 0, target.length);
  }

  /** Reads a whole floating tensor in DOUBLE. */
  public void read(String name, double[] target) {
    TensorPlace place = floating(name, target.length);
    place.read(0, target, target.length);
  }

  /**
   * Reads a whole floating tensor into a target with as many elements, in C order, such as a part
   * of a flat parameter vector.
   *
   * @return index of the first element that is NaN or infinite, if any
   */
  public OptionalLong read(String name, TensorValues target) {
    OptionalLong bad = OptionalLong.empty();
    TensorPlace place = floating(name, target.length());
    if (target instanceof HalfValues half && half.dtype() == place.info().dtype()) {
      return readHalf(place, half);
    }
    long length = target.length();
    if (target.type() == DataType.DOUBLE) {
      double[] chunk = new double[(int) Math.min(CHUNK_ELEMENTS, length)];
      for (long from = 0; from < length; from += chunk.length) {
        int count = (int) Math.min(chunk.length, length - from);
        place.read(from, chunk, count);
        bad = bad.isPresent() ? bad : firstNonFinite(chunk, count, from);
        target.put(from, chunk, 0, count);
      }
    } else {
      float[] chunk = new float[(int) Math.min(CHUNK_ELEMENTS, length)];
      for (long from = 0; from < length; from += chunk.length) {
        int count = (int) Math.min(chunk.length, length - from);
        place.read(from, chunk, 0, count);
        bad = bad.isPresent() ? bad : firstNonFinite(chunk, count, from);
        target.put(from, chunk, 0, count);
      }
    }
    return bad;
  }

  /** Copies 16-bit elements as they are. */
  private static OptionalLong readHalf(TensorPlace place, HalfValues target) {
    OptionalLong bad = OptionalLong.empty();
    long length = target.length();
    for (long from = 0; from < length; ) {
      ByteBuffer slice = place.slice(from, length - from);
      short[] chunk = new short[slice.remaining() / Short.BYTES];
      slice.asShortBuffer().get(chunk);
      bad = bad.isPresent() ? bad : firstNonFinite(target.dtype(), chunk, from);
      target.put(from, chunk, 0, chunk.length);
      from += chunk.length;
    }
    return bad;
  }

  private static OptionalLong firstNonFinite(Dtype dtype, short[] values, long from) {
    for (int i = 0; i < values.length; i++) {
      if (!Half.isFinite(dtype, values[i])) {
        return OptionalLong.of(from + i);
      }
    }
    return OptionalLong.empty();
  }

  /** Whether two tensors have the same dtype, shape and bytes. */
  public boolean sameValues(String name, String other) {
    TensorPlace a = place(name);
    TensorPlace b = place(other);
    if (a.info().dtype() != b.info().dtype() || !a.info().shape().equals(b.info().shape())) {
      return false;
    }
    long elements = a.info().elements();
    for (long done = 0; done < elements; ) {
      ByteBuffer slice = a.slice(done, elements - done);
      if (!slice.equals(b.slice(done, slice.remaining() / a.info().dtype().bytes()))) {
        return false;
      }
      done += slice.remaining() / a.info().dtype().bytes();
    }
    return true;
  }

  private static OptionalLong firstNonFinite(double[] values, int count, long from) {
    for (int i = 0; i < count; i++) {
      if (!Double.isFinite(values[i])) {
        return OptionalLong.of(from + i);
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong firstNonFinite(float[] values, int count, long from) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        return OptionalLong.of(from + i);
      }
    }
    return OptionalLong.empty();
  }

  /** Reads a part of a floating tensor, starting at an element. */
  public void read(String name, long from, float[] target, int offset, int count) {
    TensorPlace place = place(name);
    requireFloating(place);
    if (from < 0 || from + count > place.info().elements()) {
      throw SafetensorsErrors.wrongLength(path, name, place.info().elements(), from + count);
    }
    place.read(from, target, offset, count);
  }

  /** Passes a tensor's bytes as they are in the file, for copies without changes. */
  void forEachSlice(String name, Consumer<ByteBuffer> consumer) {
    TensorPlace place = place(name);
    long elements = place.info().elements();
    for (long done = 0; done < elements; ) {
      ByteBuffer slice = place.slice(done, elements - done);
      done += slice.remaining() / place.info().dtype().bytes();
      consumer.accept(slice);
    }
  }

  private TensorPlace floating(String name, long expected) {
    TensorPlace place = place(name);
    requireFloating(place);
    if (place.info().elements() != expected) {
      throw SafetensorsErrors.wrongLength(path, name, place.info().elements(), expected);
    }
    return place;
  }

  /** Rejects a tensor of integers or booleans. */
  public void requireFloating(String name) {
    requireFloating(place(name));
  }

  private void requireFloating(TensorPlace place) {
    if (!place.info().dtype().isFloating()) {
      throw SafetensorsErrors.notFloating(path, place.info().name(), place.info().dtype());
    }
  }

  private TensorPlace place(String name) {
    TensorPlace place = places.get(name);
    if (place == null) {
      throw SafetensorsErrors.missingTensor(path, name);
    }
    return place;
  }
}
