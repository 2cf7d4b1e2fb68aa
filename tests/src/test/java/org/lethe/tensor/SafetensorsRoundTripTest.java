package org.lethe.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.nd4j.linalg.api.buffer.DataType;

final class SafetensorsRoundTripTest {
  @TempDir private Path directory;

  private static double[] values(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.doubles(count, -2, 2).toArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "F64"})
  void exactFloatsSurviveARoundTrip(Dtype dtype) {
    float[] values = new float[3000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 256 - 128) * (float) Math.scalb(1, i % 7 - 3); // 8 bits: in all dtypes
    }
    Path file = directory.resolve("w.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            file, List.of(TensorInfo.of("w", dtype, 30, 100)), Map.of("k", "v"))) {
      writer.write("w", values);
      writer.commit();
    }
    SafetensorsReader reader = SafetensorsReader.open(file);
    float[] read = new float[values.length];
    reader.read("w", read);
    assertThat(read).isEqualTo(values);
    assertThat(reader.metadata()).containsExactly(Map.entry("k", "v"));
  }

  @Test
  void bytesEqualTheReferenceImplementation() throws IOException {
    Path file = directory.resolve("w.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            file,
            List.of(TensorInfo.of("b", Dtype.F16, 2), TensorInfo.of("a", Dtype.F32, 1, 1)),
            Map.of("format", "pt"))) {
      writer.write("b", new float[] {1, -2});
      writer.write("a", new float[] {1.5f});
      writer.commit();
    }
    // From safetensors 0.8.0: safetensors.numpy.save({"b": ..., "a": ...}, {"format": "pt"}).
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],"
            + "\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F16\",\"shape\":[2],"
            + "\"data_offsets\":[4,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected =
        ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    expected.put(header.getBytes(StandardCharsets.UTF_8));
    while (expected.position() < 8 + padded) {
      expected.put((byte) ' ');
    }
    expected.putFloat(1.5f).putShort((short) 0x3c00).putShort((short) 0xc000);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void viewsOfAFlatVectorAreWrittenAndFilled(DataType type) {
    FlatVector flat = Vectors.of(type, values(1000, 3));
    Path file = directory.resolve("w.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            file, List.of(TensorInfo.of("view", Dtype.F64, 30, 10)), Map.of())) {
      writer.write("view", flat.tensor(100, 30, 10));
      writer.commit();
    }
    SafetensorsReader reader = SafetensorsReader.open(file);
    FlatVector target = Vectors.of(type, new double[1000]);
    assertThat(reader.read("view", target.tensor(100, 30, 10))).isEmpty();
    assertThat(Vectors.values(target.slice(100, 300)))
        .isEqualTo(Vectors.values(flat.slice(100, 300)));
    assertThat(Vectors.values(target.slice(0, 100))).containsOnly(0);
    assertThat(Vectors.values(target.slice(400, 600))).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void firstNonFiniteElementIsFoundWhileReading(DataType type) {
    double[] values = values(1000, 3);
    values[900] = Double.POSITIVE_INFINITY;
    values[700] = Double.NaN;
    Path file = directory.resolve("w.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(file, List.of(TensorInfo.of("w", Dtype.F64, 1000)), Map.of())) {
      writer.write("w", values);
      writer.commit();
    }
    FlatVector target = Vectors.of(type, new double[1000]);

    assertThat(SafetensorsReader.open(file).read("w", target)).hasValue(700);
  }

  @Test
  void heapTensorConvertsBothTypes() {
    HeapTensor tensor = new HeapTensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    tensor.put(1, new double[] {0, 20.1, 30}, 1, 2);
    float[] floats = new float[4];
    double[] doubles = new double[3];
    tensor.get(0, floats, 1, 3);
    tensor.get(1, doubles, 0, 3);

    assertThat(floats).containsExactly(0, 1, 20.1f, 30);
    assertThat(doubles).containsExactly(20.1f, 30, 4);
    assertThat(tensor.shape()).containsExactly(2, 3);
    assertThatThrownBy(() -> new HeapTensor(new float[5], 2, 3))
        .hasMessage("Invalid shape: 6 elements, expected 5");
  }

  @Test
  void tensorsAcrossWindowsAreReadCompletely() {
    double[] values = values(2000, 5);
    Path file = directory.resolve("w.safetensors");
    List<TensorInfo> tensors =
        List.of(
            TensorInfo.of("a", Dtype.F16, 999),
            TensorInfo.of("b", Dtype.F64, 2000),
            TensorInfo.of("c", Dtype.F32, 77));
    float[] few = new float[999];
    for (int i = 0; i < few.length; i++) {
      few[i] = i;
    }
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, tensors, Map.of("pad", "x"))) {
      writer.write("b", values);
      writer.write("a", few);
      writer.write("c", Arrays.copyOf(few, 77));
      writer.commit();
    }
    SafetensorsReader windowed = SafetensorsReader.open(file, 16);
    double[] b = new double[2000];
    windowed.read("b", b);
    assertThat(b).isEqualTo(values);
    float[] a = new float[999];
    windowed.read("a", a);
    assertThat(a).isEqualTo(few);
    float[] part = new float[10];
    windowed.read("a", 500, part, 3, 5);
    assertThat(part).containsExactly(0, 0, 0, 500, 501, 502, 503, 504, 0, 0);
  }

  @Test
  void aTensorOverTwoGigabytesIsReadToItsEnd() throws IOException {
    long elements = 800_000_000L;
    String header =
        "{" + SafetensorsFile.tensor("w", "F32", "[" + elements + "]", 0, elements * 4) + "}";
    Path file = SafetensorsFile.write(directory.resolve("w.safetensors"), header, 0);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      long end = 8 + header.length() + elements * 4; // unaligned, and mostly a hole of the disk
      sparse.setLength(end);
      sparse.seek(end - 4);
      sparse.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(7).array());
    }
    float[] last = new float[3];
    SafetensorsReader.open(file).read("w", elements - 3, last, 0, 3);
    assertThat(last).containsExactly(0, 0, 7);
  }

  @Test
  void largeModelsAreWrittenInShardsThatAnIndexJoins() throws IOException {
    List<TensorInfo> tensors =
        List.of(
            TensorInfo.of("a", Dtype.F32, 10),
            TensorInfo.of("b", Dtype.F32, 10),
            TensorInfo.of("c", Dtype.F32, 30),
            TensorInfo.of("d", Dtype.F32, 1));
    try (SafetensorsWriter writer = SafetensorsWriter.createModel(directory, tensors, 80)) {
      for (TensorInfo info :
          List.of(tensors.get(3), tensors.get(0), tensors.get(2), tensors.get(1))) {
        writer.write(info.name(), new float[(int) info.elements()]);
      }
      writer.commit();
    }
    assertThat(files())
        .containsExactly(
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors",
            "model.safetensors.index.json");
    assertThat(Files.readString(directory.resolve("model.safetensors.index.json")))
        .isEqualTo(
            "{\"metadata\":{\"total_size\":204},\"weight_map\":{"
                + "\"a\":\"model-00001-of-00003.safetensors\","
                + "\"b\":\"model-00001-of-00003.safetensors\","
                + "\"c\":\"model-00002-of-00003.safetensors\","
                + "\"d\":\"model-00003-of-00003.safetensors\"}}");
    assertThat(SafetensorsReader.open(directory).names()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void tensorsAreCopiedBitForBit() throws IOException {
    Path source = directory.resolve("a.safetensors");
    List<TensorInfo> tensors = List.of(TensorInfo.of("w", Dtype.F32, 3));
    try (SafetensorsWriter writer = SafetensorsWriter.create(source, tensors, Map.of())) {
      writer.write("w", new float[] {Float.intBitsToFloat(0x7fc12345), -0f, 1});
      writer.commit();
    }
    Path target = directory.resolve("b.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, tensors, Map.of())) {
      writer.copy("w", SafetensorsReader.open(source));
      writer.commit();
    }
    assertThat(target).hasSameBinaryContentAs(source);
  }

  @Test
  void uncommittedFilesAreRemoved() throws IOException {
    Path file = directory.resolve("w.safetensors");
    Files.writeString(file, "before");
    List<TensorInfo> tensors =
        List.of(TensorInfo.of("a", Dtype.F32, 2), TensorInfo.of("b", Dtype.F32, 2));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, tensors, Map.of())) {
      writer.write("a", new float[2]);
      assertThatThrownBy(writer::commit)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Invalid commit: tensors not written: [b]");
    }
    assertThat(file).hasContent("before");
    assertThat(files()).containsExactly("w.safetensors");
  }

  @Test
  void overflowingValueIsReportedByTensor() {
    Path file = directory.resolve("w.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(file, List.of(TensorInfo.of("w", Dtype.F16, 2)), Map.of())) {
      assertThatThrownBy(() -> writer.write("w", new float[] {1, 65520}))
          .isInstanceOf(LetheException.class)
          .hasMessage(
              "Value 65520.0 at element 1 of tensor 'w' does not fit into F16 while writing %s:"
                  + " training diverged, or the output dtype must be F32 or BF16",
              file)
          .satisfies(
              e -> assertThat(((LetheException) e).exitClass()).isEqualTo(ExitClass.DIVERGED));
    }
  }

  @Test
  void missingFolderIsReported() {
    Path file = directory.resolve("nowhere/w.safetensors");
    assertThatThrownBy(() -> SafetensorsWriter.create(file, List.of(), Map.of()))
        .isInstanceOf(LetheException.class)
        .hasMessageStartingWith("Cannot write " + file + ": NoSuchFileException ")
        .hasMessageEndingWith("; check free space and permissions");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
