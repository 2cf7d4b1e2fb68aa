package org.lethe.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Tensors with any names, shapes and values survive a round trip. */
final class SafetensorsPropertyTest {
  /** A tensor with values that its dtype represents exactly. */
  record Tensor(TensorInfo info, double[] values) {}

  @Provide
  Arbitrary<List<Tensor>> tensors() {
    Arbitrary<String> names = Arbitraries.strings().ofMinLength(1).ofMaxLength(12);
    Arbitrary<Dtype> dtypes = Arbitraries.of(Dtype.F16, Dtype.BF16, Dtype.F32, Dtype.F64);
    Arbitrary<List<Long>> shapes = Arbitraries.longs().between(0, 5).list().ofMaxSize(3);
    return Combinators.combine(names, dtypes, shapes, Arbitraries.integers().between(-99, 99))
        .as(SafetensorsPropertyTest::tensor)
        .filter(tensor -> !tensor.info().name().equals("__metadata__"))
        .list()
        .uniqueElements(tensor -> tensor.info().name())
        .ofMaxSize(6);
  }

  private static Tensor tensor(String name, Dtype dtype, List<Long> shape, int first) {
    TensorInfo info = new TensorInfo(name, dtype, shape);
    double[] values = new double[(int) info.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (first + i) % 128 * 0.25;
    }
    return new Tensor(info, values);
  }

  @Property(seed = "42", tries = 100)
  void tensorsSurviveARoundTrip(@ForAll("tensors") List<Tensor> tensors) throws IOException {
    Path directory = Files.createTempDirectory("safetensors");
    Path file = directory.resolve("model.safetensors");
    try {
      try (SafetensorsWriter writer =
          SafetensorsWriter.create(
              file, tensors.stream().map(Tensor::info).toList(), Map.of("made", "here"))) {
        tensors.forEach(tensor -> writer.write(tensor.info().name(), tensor.values()));
        writer.commit();
      }
      SafetensorsReader reader = SafetensorsReader.open(file, 64);
      Map<String, TensorInfo> expected = new LinkedHashMap<>();
      tensors.forEach(tensor -> expected.put(tensor.info().name(), tensor.info()));
      assertThat(reader.names()).isEqualTo(expected.keySet());
      for (Tensor tensor : tensors) {
        assertThat(reader.info(tensor.info().name())).isEqualTo(tensor.info());
        double[] values = new double[tensor.values().length];
        reader.read(tensor.info().name(), values);
        assertThat(values).isEqualTo(tensor.values());
      }
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }
}
