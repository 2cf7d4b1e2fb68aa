package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.SafetensorsReader;
import org.lethe.tensor.SafetensorsWriter;
import org.lethe.tensor.TensorInfo;
import org.lethe.text.Tokenizer;
import org.nd4j.linalg.api.buffer.DataType;

final class ModelDirectoryTest {
  @TempDir private Path temporary;
  private Path directory;

  @BeforeEach
  void setUp() {
    directory = ModelFiles.write(temporary.resolve("model"), ModelFiles.CONFIG, Dtype.F32);
  }

  @Test
  void aNewModelOpensWithItsDescription() {
    ModelDirectory model = ModelDirectory.open(directory);
    assertThat(model.architecture()).isEqualTo(ModelFiles.CONFIG.architecture());
    assertThat(model.dtype()).isEqualTo(Dtype.F32);
    try (Tokenizer tokenizer = model.openTokenizer()) {
      assertThat(model.endTokens(tokenizer)).containsExactly(2);
    }
  }

  @Test
  void weightsSurviveTheRoundTrip() {
    HeapTensor read = new HeapTensor(new float[16 * 16], 16, 16);
    ModelDirectory.open(directory).read("model.layers.1.self_attn.q_proj.weight", read);
    HeapTensor expected = new HeapTensor(new float[16 * 16], 16, 16);
    new RandomWeights(5).read("model.layers.1.self_attn.q_proj.weight", expected);
    assertThat(read.values()).isEqualTo(expected.values());
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "F64"})
  void aChangedModelKeepsDtypeAndCompanions(Dtype dtype) throws IOException {
    Path original = ModelFiles.write(temporary.resolve("original"), ModelFiles.CONFIG, dtype);
    Files.writeString(original.resolve("LICENSE.txt"), "as it is");
    Files.writeString(original.resolve("notes.txt"), "stays behind");
    ModelDirectory model = ModelDirectory.open(original);
    Path target = temporary.resolve("deep/target");
    try (Decoder decoder =
        Decoder.load(model.architecture(), Adapter.full(), DataType.FLOAT, model)) {
      new ModelDirectoryWriter(ModelFiles.HADOOP)
          .write(target.toUri(), model, decoder::forEachTensor);
    }
    assertThat(ModelDirectory.open(target).dtype()).isEqualTo(dtype);
    assertThat(ModelDirectory.open(target).digest()).isEqualTo(model.digest());
    assertThat(target.resolve("LICENSE.txt")).hasContent("as it is");
    assertThat(names(target)).doesNotContain("notes.txt");
  }

  @Test
  void theDigestCoversEveryFile() throws IOException {
    ModelDirectory model = ModelDirectory.open(directory);
    String before = model.digest();
    assertThat(model.fileDigests().keySet())
        .containsExactly(
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json");
    Files.writeString(directory.resolve("generation_config.json"), "{}");
    assertThat(model.digest()).isNotEqualTo(before).hasSize(64);
  }

  @Test
  void aModelInSeveralFilesIsTheSameModel() {
    ModelDirectory model = ModelDirectory.open(directory);
    Path sharded = temporary.resolve("sharded");
    new ModelDirectoryWriter(ModelFiles.HADOOP, 4000)
        .write(sharded.toUri(), model, ModelFiles.weights(ModelFiles.CONFIG));
    assertThat(sharded.resolve("model.safetensors.index.json")).exists();
    HeapTensor one = new HeapTensor(new float[270 * 16], 270, 16);
    HeapTensor other = new HeapTensor(new float[270 * 16], 270, 16);
    model.read("model.embed_tokens.weight", one);
    ModelDirectory.open(sharded).read("model.embed_tokens.weight", other);
    assertThat(other.values()).isEqualTo(one.values());
  }

  @Test
  void aFailureLeavesTheOldModelAndNothingElse() throws IOException {
    String before = ModelDirectory.open(directory).digest();
    ModelDirectory model = ModelDirectory.open(directory);
    assertThatThrownBy(
            () ->
                new ModelDirectoryWriter(ModelFiles.HADOOP)
                    .write(
                        directory.toUri(),
                        model,
                        consumer -> {
                          throw new IllegalStateException("in the middle");
                        }))
        .hasMessage("in the middle");
    assertThat(ModelDirectory.open(directory).digest()).isEqualTo(before);
    assertThat(names(temporary)).containsExactly("model");
  }

  @Test
  void anExistingModelIsReplaced() throws IOException {
    ModelDirectory model = ModelDirectory.open(directory);
    new ModelDirectoryWriter(ModelFiles.HADOOP)
        .write(directory.toUri(), model, ModelFiles.weights(ModelFiles.CONFIG));
    assertThat(names(temporary)).containsExactly("model");
    assertThat(ModelDirectory.open(directory).architecture())
        .isEqualTo(ModelFiles.CONFIG.architecture());
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path nowhere = temporary.resolve("nowhere");
    refused(nowhere)
        .hasMessage(
            "No model directory at %s: expected a directory in the Hugging Face layout with"
                + " config.json and model.safetensors; check lethe.model.path",
            nowhere.toUri());
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(directory.resolve("tokenizer.json"));
    assertThatThrownBy(() -> ModelDirectory.open(directory).openTokenizer())
        .hasMessageStartingWith("No tokenizer.json in " + directory + ": ");
    Files.delete(directory.resolve("model.safetensors"));
    refused(directory).hasMessageStartingWith("No weights at " + directory + ": ");
    Files.delete(directory.resolve("config.json"));
    refused(directory).hasMessageStartingWith("No config.json in " + directory + ": ");
  }

  @Test
  void missingTensorsAreListed() {
    rewrite(
        Map.of("model.norm.weight", List.of(), "model.layers.1.mlp.up_proj.weight", List.of()),
        List.of());
    refused(directory)
        .hasMessage(
            "Missing tensors in %s: model.layers.1.mlp.up_proj.weight, model.norm.weight;"
                + " config.json needs them; weights and config.json are of different models,"
                + " or the copy is incomplete",
            directory.resolve("model.safetensors"));
  }

  @Test
  void unexpectedTensorsAreRejected() {
    rewrite(
        Map.of(), List.of(TensorInfo.of("model.layers.0.self_attn.q_proj.bias", Dtype.F32, 16)));
    refused(directory)
        .hasMessage(
            "Unexpected tensors in %s: model.layers.0.self_attn.q_proj.bias; config.json does"
                + " not account for them, and dropping them would change the model",
            directory.resolve("model.safetensors"));
  }

  @Test
  void aCopyOfATiedHeadAndOldTablesAreSkipped() {
    rewrite(
        Map.of(),
        List.of(
            TensorInfo.of("lm_head.weight", Dtype.F32, 270, 16),
            TensorInfo.of("model.layers.0.self_attn.rotary_emb.inv_freq", Dtype.F32, 2)));
    assertThat(ModelDirectory.open(directory).contains("lm_head.weight")).isFalse();
  }

  @Test
  void aWrongShapeIsNamed() {
    rewrite(Map.of("model.norm.weight", List.of(17L)), List.of());
    refused(directory)
        .hasMessage(
            "Wrong shape of tensor 'model.norm.weight' in %s: [17], expected [16] by config.json;"
                + " weights and config.json are of different models",
            directory.resolve("model.safetensors"));
  }

  @Test
  void integerWeightsAreRejected() throws IOException {
    Path file = directory.resolve("model.safetensors");
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    String norm = "\"model.norm.weight\":{\"dtype\":\"";
    assertThat(bytes).contains(norm + "F32");
    Files.writeString(file, bytes.replace(norm + "F32", norm + "I32"), StandardCharsets.ISO_8859_1);
    refused(directory)
        .hasMessageStartingWith("Tensor 'model.norm.weight' in ")
        .hasMessageContaining("has dtype I32, expected F32, F16, BF16 or F64");
  }

  @Test
  void aVocabularyOfAnotherSizeIsRejected() throws IOException {
    Path config = directory.resolve("config.json");
    String json = Files.readString(config).replace("\"vocab_size\" : 270", "\"vocab_size\" : 260");
    Files.writeString(config, json);
    rewrite(Map.of("model.embed_tokens.weight", List.of(260L, 16L)), List.of());
    assertThatThrownBy(() -> ModelDirectory.open(directory).openTokenizer())
        .isInstanceOf(LetheException.class)
        .hasMessageStartingWith("Vocabulary does not fit in " + directory)
        .hasMessageContaining("but vocab_size of config.json is 260");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"eos_token_id\":[7,2,9]} | 7,2,9",
        "{\"eos_token_id\":5} | 5,2",
        "{} | 2",
      })
  void generationStopsAtEveryEndToken(String generation, String expected) throws IOException {
    Files.writeString(directory.resolve("generation_config.json"), generation);
    ModelDirectory model = ModelDirectory.open(directory);
    try (Tokenizer tokenizer = model.openTokenizer()) {
      assertThat(model.endTokens(tokenizer).toString().replaceAll("[\\[\\] ]", ""))
          .isEqualTo(expected);
    }
  }

  @Test
  void localAddressesAreNotCopied() {
    ModelCache cache = new ModelCache(temporary.resolve("cache"), ModelFiles.HADOOP);
    assertThat(cache.localCopy(directory.toUri())).isEqualTo(directory);
    assertThat(cache.localCopy(URI.create(directory.toString()))).isEqualTo(directory);
    assertThat(temporary.resolve("cache")).doesNotExist();
  }

  /**
   * Rewrites the weights with changed shapes (an empty shape drops the tensor) and added tensors.
   * All values are zero.
   */
  private void rewrite(Map<String, List<Long>> changed, List<TensorInfo> added) {
    SafetensorsReader reader = SafetensorsReader.open(directory);
    List<TensorInfo> tensors = new ArrayList<>(added);
    for (String name : reader.names()) {
      List<Long> shape = changed.getOrDefault(name, reader.info(name).shape());
      if (!shape.isEmpty()) {
        tensors.add(new TensorInfo(name, Dtype.F32, shape));
      }
    }
    try (SafetensorsWriter writer =
        SafetensorsWriter.createModel(directory, tensors, SafetensorsWriter.FILE_LIMIT)) {
      for (TensorInfo info : tensors) {
        int elements = (int) info.elements();
        writer.write(info.name(), new float[elements]);
      }
      writer.commit();
    }
  }

  private static AbstractThrowableAssert<?, ?> refused(Path path) {
    return assertThatThrownBy(() -> ModelDirectory.open(path))
        .isInstanceOf(LetheException.class)
        .satisfies(e -> assertThat(((LetheException) e).exitClass()).isEqualTo(ExitClass.INPUT));
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
