package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.tensor.Dtype;

final class ModelDiagnosisTest {
  @TempDir private Path temporary;
  private Path directory;

  @BeforeEach
  void setUp() {
    directory = ModelFiles.write(temporary.resolve("model"), ModelFiles.CONFIG, Dtype.F32);
  }

  @Test
  void aUsableModelHasNoProblem() {
    ModelDiagnosis diagnosis = ModelDiagnosis.of(directory);
    assertThat(diagnosis.problems()).isEmpty();
    assertThat(diagnosis.architecture()).hasValue(ModelFiles.CONFIG.architecture());
  }

  @Test
  void everyReasonIsNamed() throws IOException {
    Path config = directory.resolve("config.json");
    String json = Files.readString(config);
    Files.writeString(
        config,
        json.replace("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 1")
            .replace("\"intermediate_size\" : 24", "\"intermediate_size\" : 25"));
    assertThat(ModelDiagnosis.of(directory).problems())
        .hasSize(4)
        .anySatisfy(p -> assertThat(p).startsWith("Unexpected tensors in "))
        .anySatisfy(p -> assertThat(p).contains("Wrong shape of tensor", "mlp.gate_proj.weight"))
        .anySatisfy(p -> assertThat(p).contains("Wrong shape of tensor", "mlp.up_proj.weight"))
        .anySatisfy(p -> assertThat(p).contains("Wrong shape of tensor", "mlp.down_proj.weight"));
  }

  @Test
  void anUnsupportedConfigurationAndBrokenWeightsAreBothNamed() throws IOException {
    Path config = directory.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"model_type\" : \"llama\"", "\"model_type\" : \"mixtral\""));
    Files.delete(directory.resolve("model.safetensors"));
    assertThat(ModelDiagnosis.of(directory).problems())
        .hasSize(2)
        .anySatisfy(p -> assertThat(p).contains("model_type is \"mixtral\""))
        .anySatisfy(p -> assertThat(p).contains("safetensors"));
  }

  @Test
  void aMissingDirectoryOrConfigurationIsNamed() throws IOException {
    assertThat(ModelDiagnosis.of(temporary.resolve("none")).problems())
        .singleElement()
        .asString()
        .startsWith("No model directory at ");
    Files.delete(directory.resolve("config.json"));
    assertThat(ModelDiagnosis.of(directory).problems())
        .singleElement()
        .asString()
        .startsWith("No config.json in ");
  }
}
