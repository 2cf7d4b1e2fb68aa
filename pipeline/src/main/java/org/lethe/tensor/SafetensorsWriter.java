package org.lethe.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.lethe.error.SafetensorsErrors;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Writes safetensors. The tensors are declared first; their values follow in any order, one tensor
 * at a time, so that memory never holds a copy of a model.
 *
 * <p>Files have a temporary name until {@link #commit} syncs them to disk and renames them. Without
 * it {@link #close} deletes them, and nothing appears under the final names. The same tensors give
 * the same bytes. Values are rounded to nearest, ties to even. A finite value that becomes infinite
 * in the declared dtype is an error that names its tensor.
 */
public final class SafetensorsWriter implements AutoCloseable {
  /**
   * Above this size {@link #createModel} writes several files and an index. The Hub uses the same
   * limit.
   */
  public static final long FILE_LIMIT = 5_000_000_000L;

  private static final int CHUNK_BYTES = 1 << 20;

  private final List<Part> parts;
  private final Map<String, Place> places = new HashMap<>();
  private final Set<String> missing = new TreeSet<>();
  private final ByteBuffer chunk =
      ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final Path index;
  private boolean committed;

  /** A file that is being written. */
  private record Part(Path file, Path temporary, FileChannel channel) {}

  private record Place(TensorInfo info, Part part, long position) {}

  private SafetensorsWriter(List<Part> parts, Path index) {
    this.parts = parts;
    this.index = index;
  }

  /** Starts a single file. */
  public static SafetensorsWriter create(
      Path file, Collection<TensorInfo> tensors, Map<String, String> metadata) {
    SafetensorsWriter writer = new SafetensorsWriter(new ArrayList<>(), file);
    writer.begin(file, SafetensorsPlan.ordered(tensors), metadata);
    return writer;
  }

  /**
   * Starts the weights of a model in a directory: model.safetensors, or several files of at most
   * the given size (or one tensor each) with an index.
   *
   * @param fileLimit in bytes of tensors
   */
  public static SafetensorsWriter createModel(
      Path directory, Collection<TensorInfo> tensors, long fileLimit) {
    // The Hub's loaders require this entry.
    Map<String, String> metadata = Map.of("format", "pt");
    List<List<TensorInfo>> shards =
        SafetensorsPlan.shards(SafetensorsPlan.ordered(tensors), fileLimit);
    if (shards.size() == 1) {
      return create(directory.resolve(SafetensorsReader.SINGLE_FILE), tensors, metadata);
    }
    SafetensorsWriter writer =
        new SafetensorsWriter(new ArrayList<>(), directory.resolve(SafetensorsReader.INDEX_FILE));
    for (int i = 0; i < shards.size(); i++) {
      String name =
          String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
      writer.begin(directory.resolve(name), shards.get(i), metadata);
    }
    return writer;
  }

  private void begin(Path file, List<TensorInfo> tensors, Map<String, String> metadata) {
    byte[] header = SafetensorsPlan.header(tensors, metadata);
    Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Part part = new Part(file, temporary, channel);
      parts.add(part);
      ByteBuffer start =
          ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + header.length)
              .order(ByteOrder.LITTLE_ENDIAN);
      start.putLong(header.length).put(header).flip();
      long position = start.remaining();
      writeFully(part, start, 0);
      for (TensorInfo info : tensors) {
        if (places.put(info.name(), new Place(info, part, position)) != null) {
          throw new IllegalArgumentException("Invalid tensors: " + info.name() + " twice");
        }
        missing.add(info.name());
        position += info.bytes();
      }
    } catch (IOException e) {
      close();
      throw SafetensorsErrors.cannotWrite(file, e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Writes a whole tensor of a floating dtype. */
  public void write(String name, float[] values) {
    Place place = next(name, values.length);
    put(place, 0, values, values.length);
  }

  /** Writes a whole tensor of a floating dtype. */
  public void write(String name, double[] values) {
    Place place = next(name, values.length);
    put(place, 0, values, values.length);
  }

  /** Writes a whole tensor, chunk by chunk. */
  public void write(String name, TensorValues values) {
    Place place = next(name, values.length());
    long length = values.length();
    int perChunk = CHUNK_BYTES / Long.BYTES;
    if (values.type() == DataType.DOUBLE) {
      double[] block = new double[(int) Math.min(perChunk, length)];
      for (long from = 0; from < length; from += block.length) {
        int count = (int) Math.min(block.length, length - from);
        values.get(from, block, 0, count);
        put(place, from, block, count);
      }
    } else {
      float[] block = new float[(int) Math.min(perChunk, length)];
      for (long from = 0; from < length; from += block.length) {
        int count = (int) Math.min(block.length, length - from);
        values.get(from, block, 0, count);
        put(place, from, block, count);
      }
    }
  }

  /** Copies a tensor of the same dtype bit for bit. */
  public void copy(String name, SafetensorsReader source) {
    TensorInfo info = source.info(name);
    Place place = next(name, info.elements());
    if (info.dtype() != place.info().dtype()) {
      throw new IllegalArgumentException(
          "Invalid copy: " + info.dtype() + " of " + name + " to " + place.info().dtype());
    }
    long[] position = {place.position()};
    source.forEachSlice(
        name,
        slice -> {
          int bytes = slice.remaining();
          try {
            writeFully(place.part(), slice, position[0]);
          } catch (IOException e) {
            throw SafetensorsErrors.cannotWrite(place.part().file(), e);
          }
          position[0] += bytes;
        });
  }

  private Place next(String name, long elements) {
    Place place = places.get(name);
    if (place == null || !missing.remove(name)) {
      throw new IllegalArgumentException(
          "Invalid tensor: " + name + (place == null ? " was not announced" : " written twice"));
    }
    if (place.info().elements() != elements) {
      throw SafetensorsErrors.wrongLength(
          place.part().file(), name, elements, place.info().elements());
    }
    return place;
  }

  private void put(Place place, long at, float[] values, int total) {
    int perChunk = CHUNK_BYTES / Long.BYTES;
    for (int from = 0; from < total; from += perChunk) {
      int count = Math.min(perChunk, total - from);
      chunk.clear();
      switch (place.info().dtype()) {
        case F32 -> chunk.asFloatBuffer().put(values, from, count);
        case F64 -> {
          for (int i = 0; i < count; i++) {
            chunk.putDouble(8 * i, values[from + i]);
          }
        }
        default -> {
          for (int i = 0; i < count; i++) {
            chunk.putShort(2 * i, half(place, values[from + i], values[from + i], at + from + i));
          }
        }
      }
      flush(place, at + from, count);
    }
  }

  private void put(Place place, long at, double[] values, int total) {
    int perChunk = CHUNK_BYTES / Long.BYTES;
    for (int from = 0; from < total; from += perChunk) {
      int count = Math.min(perChunk, total - from);
      chunk.clear();
      switch (place.info().dtype()) {
        case F64 -> chunk.asDoubleBuffer().put(values, from, count);
        case F32 -> {
          for (int i = 0; i < count; i++) {
            double value = values[from + i];
            requireFinite(place, (float) value, value, at + from + i);
            chunk.putFloat(4 * i, (float) value);
          }
        }
        default -> {
          for (int i = 0; i < count; i++) {
            double value = values[from + i];
            chunk.putShort(2 * i, half(place, Half.roundToOdd(value), value, at + from + i));
          }
        }
      }
      flush(place, at + from, count);
    }
  }

  private static short half(Place place, float value, double original, long index) {
    switch (place.info().dtype()) {
      case F16 -> {
        short bits = Half.toF16(value);
        requireFinite(place, Half.fromF16(bits), original, index);
        return bits;
      }
      case BF16 -> {
        short bits = Half.toBf16(value);
        requireFinite(place, Half.fromBf16(bits), original, index);
        return bits;
      }
      default ->
          throw new IllegalArgumentException(
              "Invalid dtype: "
                  + place.info().dtype()
                  + " of "
                  + place.info().name()
                  + ", expected F32, F16, BF16 or F64");
    }
  }

  private static void requireFinite(Place place, float rounded, double original, long index) {
    if (Float.isInfinite(rounded) && !Double.isInfinite(original)) {
      throw SafetensorsErrors.doesNotFit(
          place.part().file(), place.info().name(), place.info().dtype(), original, index);
    }
  }

  private void flush(Place place, long element, int count) {
    int bytes = place.info().dtype().bytes();
    try {
      writeFully(place.part(), chunk.slice(0, count * bytes), place.position() + element * bytes);
    } catch (IOException e) {
      throw SafetensorsErrors.cannotWrite(place.part().file(), e);
    }
  }

  private static void writeFully(Part part, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += part.channel().write(bytes, at);
    }
  }

  /**
   * Publishes the files under their names, the index last. All declared tensors must have been
   * written.
   */
  public void commit() {
    if (!missing.isEmpty()) {
      throw new IllegalStateException("Invalid commit: tensors not written: " + missing);
    }
    try {
      for (Part part : parts) {
        part.channel().force(true);
        part.channel().close();
      }
      for (Part part : parts) {
        publish(part.temporary(), part.file());
      }
      if (index.getFileName().toString().equals(SafetensorsReader.INDEX_FILE)) {
        Path temporary = index.resolveSibling("." + index.getFileName() + "." + UUID.randomUUID());
        Files.write(temporary, indexJson(), StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
        publish(temporary, index);
      }
      committed = true;
    } catch (IOException e) {
      throw SafetensorsErrors.cannotWrite(index, e);
    }
  }

  private byte[] indexJson() {
    Map<String, String> files = new TreeMap<>();
    places.forEach((name, place) -> files.put(name, place.part().file().getFileName().toString()));
    return SafetensorsPlan.index(
        files, places.values().stream().mapToLong(place -> place.info().bytes()).sum());
  }

  private static void publish(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Deletes files that were not committed. */
  @Override
  public void close() {
    if (committed) {
      return;
    }
    for (Part part : parts) {
      try {
        part.channel().close();
        Files.deleteIfExists(part.temporary());
      } catch (IOException e) {
        throw SafetensorsErrors.cannotWrite(part.temporary(), e);
      }
    }
  }

  /** The dtype and shape of each declared tensor, by name. */
  public Map<String, TensorInfo> tensors() {
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    new TreeMap<>(places).forEach((name, place) -> infos.put(name, place.info()));
    return infos;
  }
}
