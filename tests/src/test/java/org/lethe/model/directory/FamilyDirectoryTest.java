package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.family.FamilyCase;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.SafetensorsWriter;
import org.lethe.tensor.TensorInfo;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Trains a model of each family for two rounds, fully and with LoRA, and reads what it wrote. With
 * LETHE_PARITY, leaves the directories there for tests/parity/check_family_directories.py.
 */
final class FamilyDirectoryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROUNDS = 2;
  private static final double RATE = 1e-3;

  /** PEFT's targets by default, where they are not query and value. */
  private static final Map<String, Set<String>> TARGETS =
      Map.of(
          "gpt2", Set.of("c_attn"),
          "gpt_neox", Set.of("query_key_value"),
          "phi", Set.of("q_proj", "v_proj", "fc1", "fc2"),
          "phi3", Set.of("qkv_proj"));

  private static final LogitLoss MEAN =
      chunk -> {
        double[] losses = chunk.tokenLosses();
        double[] weights = new double[losses.length];
        Arrays.fill(weights, 1.0 / losses.length);
        chunk.nllGradient(weights);
        return Arrays.stream(losses).average().orElseThrow();
      };

  @TempDir private Path temporary;
  private Path out;

  @BeforeEach
  void setUp() {
    String given = System.getenv("LETHE_PARITY");
    out = given == null ? temporary : Path.of(given, "families");
  }

  static List<FamilyCase> cases() {
    return FamilyCase.all().toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainedModelsAndAdaptersSurviveTheRoundTrip(FamilyCase c) throws IOException {
    Path folder = out.resolve(c.name());
    Path original = writeOriginal(c, folder.resolve("original"));
    ModelDirectory model = ModelDirectory.open(original);
    ObjectNode results = JSON.createObjectNode();
    results.set("rows", c.root().get("rows"));
    put(results.putArray("losses"), losses(original, c.batch()));

    double[] trained = trainFully(model, c.batch(), folder.resolve("trained"));
    put(results.putArray("trained_losses"), trained);
    assertThat(losses(folder.resolve("trained"), c.batch())).containsExactly(trained);

    String family = c.config().get("model_type").asText();
    Set<String> usual = TARGETS.getOrDefault(family, Set.of("q_proj", "v_proj"));
    for (Set<String> targets : List.of(usual, Set.of(Adapter.Lora.ALL_LINEAR))) {
      String name = targets.contains(Adapter.Lora.ALL_LINEAR) ? "all" : "usual";
      Adapter.Lora lora = new Adapter.Lora(4, 40, 0, targets, 1);
      double[] adapted = trainLora(model, lora, c.batch(), folder, name);
      put(results.putArray(name + "_losses"), adapted);
      assertThat(losses(folder.resolve(name + "-merged"), c.batch()))
          .containsExactly(adapted, within(1e-4));
      try (Decoder decoder = Decoder.load(model.architecture(), lora, DataType.FLOAT, model)) {
        decoder.readTrainable(AdapterDirectory.open(folder.resolve(name + "-adapter")));
        assertThat(losses(decoder, c.batch())).containsExactly(adapted);
      }
    }
    Files.write(folder.resolve("lethe.json"), JSON.writeValueAsBytes(results));
  }

  private static double[] trainFully(ModelDirectory model, Batch batch, Path target) {
    try (Decoder decoder =
        Decoder.load(model.architecture(), Adapter.full(), DataType.FLOAT, model)) {
      train(decoder, batch);
      new ModelDirectoryWriter(ModelFiles.HADOOP)
          .write(target.toUri(), model, decoder::forEachTensor);
      return losses(decoder, batch);
    }
  }

  private static double[] trainLora(
      ModelDirectory model, Adapter.Lora lora, Batch batch, Path folder, String name) {
    try (Decoder decoder = Decoder.load(model.architecture(), lora, DataType.FLOAT, model)) {
      double[] before = losses(decoder, batch);
      train(decoder, batch);
      AdapterDirectory.write(
          folder.resolve(name + "-adapter").toUri(), ModelFiles.HADOOP, "../original", decoder);
      new ModelDirectoryWriter(ModelFiles.HADOOP)
          .write(folder.resolve(name + "-merged").toUri(), model, decoder::forEachTensor);
      double[] after = losses(decoder, batch);
      assertThat(DoubleStream.of(after).sum()).isLessThan(DoubleStream.of(before).sum() - 1e-3);
      return after;
    }
  }

  private static void train(Decoder decoder, Batch batch) {
    try (Gradients gradients = decoder.newGradients()) {
      for (int round = 0; round < ROUNDS; round++) {
        gradients.clear();
        decoder.accumulate(batch, MEAN, gradients);
        decoder.parameters().math().addScaled(-RATE, gradients.flat(), decoder.parameters());
      }
    }
  }

  private static Path writeOriginal(FamilyCase c, Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("config.json"), JSON.writeValueAsBytes(c.config()));
    Architecture architecture = c.architecture();
    List<TensorInfo> tensors =
        architecture.tensors().stream()
            .map(tensor -> new TensorInfo(tensor.name(), Dtype.F32, tensor.extents()))
            .toList();
    try (SafetensorsWriter writer =
        SafetensorsWriter.createModel(directory, tensors, SafetensorsWriter.FILE_LIMIT)) {
      for (TensorSpec tensor : architecture.tensors()) {
        HeapTensor values =
            new HeapTensor(new float[Math.toIntExact(tensor.length())], tensor.shape());
        FamilyCase.weights().read(tensor.name(), values);
        writer.write(tensor.name(), values);
      }
      writer.commit();
    }
    return directory;
  }

  private static double[] losses(Path directory, Batch batch) {
    ModelDirectory model = ModelDirectory.open(directory);
    try (Decoder decoder =
        Decoder.load(model.architecture(), Adapter.full(), DataType.FLOAT, model)) {
      return losses(decoder, batch);
    }
  }

  private static double[] losses(Decoder decoder, Batch batch) {
    return Arrays.stream(decoder.forward(batch).tokens()).flatMapToDouble(Arrays::stream).toArray();
  }

  private static void put(ArrayNode array, double[] values) {
    Arrays.stream(values).forEach(array::add);
  }
}
