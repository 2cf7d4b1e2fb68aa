package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.SafetensorsReader;
import org.lethe.tensor.SafetensorsWriter;
import org.lethe.tensor.TensorInfo;

/** Directories in which more or less than one set of weights lies. */
final class WeightFilesTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  @TempDir private Path temporary;
  private Path directory;

  @BeforeEach
  void setUp() {
    directory = ModelFiles.write(temporary.resolve("model"), ModelFiles.CONFIG, Dtype.F32);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private AbstractThrowableAssert<?, ?> refused() {
    return assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(LetheException.class)
        .satisfies(e -> assertThat(((LetheException) e).exitClass()).isEqualTo(ExitClass.INPUT));
  }

  private float[] embedding() {
    HeapTensor values = new HeapTensor(new float[270 * 16], 270, 16);
    ModelDirectory.open(directory).read(EMBEDDING, values);
    return values.values();
  }

  /** Writes all tensors again, each times a factor, as two files with an index. */
  private void writeShards(float factor) {
    SafetensorsReader reader = SafetensorsReader.open(file("model.safetensors"));
    write(reader, List.of(), factor, 10_000);
  }

  private void write(
      SafetensorsReader reader, List<TensorInfo> added, float factor, long fileLimit) {
    List<TensorInfo> tensors = new ArrayList<>(added);
    reader.names().forEach(name -> tensors.add(reader.info(name)));
    try (SafetensorsWriter writer = SafetensorsWriter.createModel(directory, tensors, fileLimit)) {
      for (TensorInfo info : tensors) {
        String source = reader.contains(info.name()) ? info.name() : EMBEDDING;
        float[] values = new float[(int) info.elements()];
        reader.read(source, values);
        for (int i = 0; i < values.length; i++) {
          values[i] *= factor;
        }
        writer.write(info.name(), values);
      }
      writer.commit();
    }
  }

  @Test
  void aSingleFileWinsOverAnIndex() {
    float[] single = embedding();
    writeShards(0.5f);
    assertThat(file("model.safetensors.index.json")).exists();
    assertThat(embedding()).isEqualTo(single);
    assertThat(ModelDirectory.open(directory).fileDigests())
        .containsKey("model.safetensors")
        .doesNotContainKey("model.safetensors.index.json");
  }

  @Test
  void anIndexIsReadWithoutASingleFile() throws IOException {
    float[] single = embedding();
    writeShards(0.5f);
    Files.delete(file("model.safetensors"));
    float[] half = embedding();
    for (int i = 0; i < half.length; i++) {
      assertThat(half[i]).isEqualTo(single[i] * 0.5f);
    }
  }

  @Test
  void configMayNameTheWeights() throws IOException {
    Files.move(file("model.safetensors"), file("other.safetensors"));
    Path config = file("config.json");
    String json = Files.readString(config);
    Files.writeString(
        config, json.replaceFirst("\\{", "{\"transformers_weights\":\"other.safetensors\","));
    assertThat(ModelDirectory.open(directory).fileDigests()).containsKey("other.safetensors");
    Files.writeString(
        config, json.replaceFirst("\\{", "{\"transformers_weights\":\"../x.safetensors\","));
    refused()
        .hasMessage(
            "Invalid transformers_weights in config.json: '../x.safetensors', expected the name of"
                + " a .safetensors file or index in %s",
            directory);
  }

  @Test
  void otherFormatsAreNamed() throws IOException {
    Files.move(file("model.safetensors"), file("model-00001-of-00002.safetensors"));
    Files.write(file("pytorch_model.bin"), new byte[4]);
    refused()
        .hasMessage(
            "No weights at %s: expected model.safetensors or model.safetensors.index.json, found"
                + " only model-00001-of-00002.safetensors, pytorch_model.bin; load the model in"
                + " transformers and save it with save_pretrained, which writes safetensors",
            directory);
  }

  @Test
  void anIndexThatNamesAMissingFileOrTensorIsRejected() throws IOException {
    writeShards(1);
    Files.delete(file("model.safetensors"));
    Path index = file("model.safetensors.index.json");
    String json = Files.readString(index);
    Files.writeString(
        index, json.replace("\"weight_map\":{", "\"weight_map\":{\"more\":\"none.safetensors\","));
    refused()
        .hasMessage(
            "Missing weight file 'none.safetensors' named by %s: copy it into the folder of the"
                + " index, or get the model again",
            index);
    String shard = json.replaceFirst("(?s).*\"model.norm.weight\":\"([^\"]+)\".*", "$1");
    Files.writeString(
        index, json.replace("\"weight_map\":{", "\"weight_map\":{\"more\":\"" + shard + "\","));
    refused()
        .hasMessage(
            "Missing tensor 'more': %s places it in '%s', which does not contain it; index and"
                + " weights are of different models",
            index, shard);
  }

  @Test
  void aCopyOfATiedHeadIsAccepted() {
    SafetensorsReader reader = SafetensorsReader.open(directory);
    write(reader, List.of(TensorInfo.of(HEAD, Dtype.F32, 270, 16)), 1, Long.MAX_VALUE);
    assertThat(ModelDirectory.open(directory).contains(HEAD)).isFalse();
  }

  @Test
  void aTiedHeadWithOtherValuesIsRejected() {
    SafetensorsReader reader = SafetensorsReader.open(directory);
    float[] head = new float[270 * 16];
    Arrays.fill(head, 0.25f);
    List<TensorInfo> tensors = new ArrayList<>(List.of(TensorInfo.of(HEAD, Dtype.F32, 270, 16)));
    reader.names().forEach(name -> tensors.add(reader.info(name)));
    try (SafetensorsWriter writer =
        SafetensorsWriter.createModel(directory, tensors, Long.MAX_VALUE)) {
      writer.write(HEAD, head);
      reader.names().forEach(name -> writer.copy(name, reader));
      writer.commit();
    }
    refused()
        .hasMessage(
            "Conflicting head in %s: tie_word_embeddings of config.json is true, but %s differs"
                + " from %s; transformers 5 uses both tensors and earlier versions drop the head."
                + " Set tie_word_embeddings to false to keep the head, or delete it from the"
                + " weights",
            file("model.safetensors"), HEAD, EMBEDDING);
  }

  @Test
  void anAdapterBesideAModelIsRejected() throws IOException {
    Files.writeString(file("adapter_config.json"), "{\"base_model_name_or_path\":\"base\"}");
    refused()
        .hasMessage(
            "Ambiguous model directory %s: it holds both a model and adapter_config.json, and"
                + " transformers would load the adapter with its base model; move the adapter to a"
                + " directory of its own and set lethe.model.adapter-path to it, or delete"
                + " adapter_config.json",
            directory);
  }

  @Test
  void anAdapterIsNoModel() throws IOException {
    Files.writeString(file("adapter_config.json"), "{\"base_model_name_or_path\":\"org/base\"}");
    Files.delete(file("config.json"));
    refused()
        .hasMessage(
            "No config.json in %s: it is a PEFT adapter, not a model; set lethe.model.path to its"
                + " base model (org/base) and lethe.model.adapter-path to this directory",
            directory);
  }

  @Test
  void aPointerOfGitLfsIsNamed() throws IOException {
    Files.writeString(
        file("model.safetensors"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1044992\n");
    refused().hasMessageContaining("it is a pointer of Git LFS");
  }
}
