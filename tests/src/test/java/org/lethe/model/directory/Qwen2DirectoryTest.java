package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Golden;
import org.lethe.model.GoldenWeights;
import org.lethe.model.ParameterLayout;
import org.lethe.model.architecture.Architecture;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.SafetensorsWriter;
import org.lethe.tensor.TensorInfo;
import org.nd4j.linalg.api.buffer.DataType;

/** A Qwen2 model directory with the config.json that transformers writes. */
final class Qwen2DirectoryTest {
  @TempDir private Path temporary;

  private Path write(Golden golden) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("original"));
    Files.writeString(
        directory.resolve("config.json"), golden.root().get("config_json").toString());
    Architecture architecture = DecoderConfigReader.read(directory.resolve("config.json"));
    List<TensorInfo> tensors =
        architecture.tensors().stream()
            .map(tensor -> TensorInfo.of(tensor.name(), Dtype.F64, tensor.shape()))
            .toList();
    try (Decoder decoder =
            Decoder.load(architecture, Adapter.full(), DataType.DOUBLE, GoldenWeights.formula());
        SafetensorsWriter writer =
            SafetensorsWriter.create(
                directory.resolve("model.safetensors"), tensors, Map.of("format", "pt"))) {
      decoder.forEachTensor(writer::write);
      writer.commit();
    }
    return directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-qwen2", "tiny-qwen2-untied"})
  void aModelWrittenBackLoadsWithTheSameLosses(String name) throws IOException {
    Golden golden = Golden.resource(name);
    ModelDirectory original = ModelDirectory.open(write(golden));
    Path target = temporary.resolve("written");
    try (Decoder decoder =
        Decoder.load(original.architecture(), Adapter.full(), DataType.DOUBLE, original)) {
      new ModelDirectoryWriter(ModelFiles.HADOOP)
          .write(target.toUri(), original, decoder::forEachTensor);
    }
    ModelDirectory written = ModelDirectory.open(target);
    assertThat(written.architecture()).isEqualTo(original.architecture());
    assertThat(target.resolve("config.json"))
        .hasSameBinaryContentAs(original.path().resolve("config.json"));
    try (Decoder decoder =
        Decoder.load(written.architecture(), Adapter.full(), DataType.DOUBLE, written)) {
      double[] losses = decoder.forward(golden.batch("forget")).tokens()[0];
      assertThat(losses).containsExactly(golden.losses("forget", 0), within(1e-8));
    }
  }

  @Test
  void factorsHaveTheNamesOfPeft() throws IOException {
    ModelDirectory model = ModelDirectory.open(write(Golden.resource("tiny-qwen2")));
    Adapter.Lora lora = new Adapter.Lora(2, 4, 0, Set.of("q_proj", "down_proj"), 1);
    try (Decoder decoder = Decoder.load(model.architecture(), lora, DataType.FLOAT, model)) {
      assertThat(decoder.layout().entries())
          .extracting(ParameterLayout.Entry::name)
          .containsExactly(
              "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
              "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight",
              "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight",
              "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight",
              "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight",
              "base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight",
              "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight",
              "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight");
      Path target = temporary.resolve("adapter");
      AdapterDirectory.write(target.toUri(), ModelFiles.HADOOP, "base", decoder);
      decoder.readTrainable(AdapterDirectory.open(target));
    }
  }
}
