package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Golden;
import org.lethe.model.ParameterLayout;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;
import org.lethe.tensor.Dtype;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Writes models and reads them back with the same losses: a new model, a copy, an adapter for it,
 * and the model with the adapter merged. If the environment variable LETHE_PARITY names a folder,
 * the files stay there, and tests/parity/check_hf_directory.py and check_peft_directory.py compare
 * them with transformers and peft.
 */
final class ParityExportTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LlamaConfig NEW =
      new LlamaConfig(
          64,
          96,
          3,
          8,
          2,
          8,
          320,
          256,
          1e-5,
          500_000,
          Optional.of(new RotaryPositions.Llama3Scaling(8, 1, 4, 32)),
          false,
          EnumSet.allOf(Projection.class));

  /** Largest change of a loss when an adapter is merged into BF16 weights. */
  private static final double MERGED = 0.02;

  @TempDir private Path temporary;
  private Path out;

  @BeforeEach
  void setUp() {
    out = Path.of(System.getenv().getOrDefault("LETHE_PARITY", temporary.toString()));
  }

  @Test
  void aNewModelWithAllSupportedFeatures() throws IOException {
    Path original = ModelFiles.write(out.resolve("new/original"), NEW, Dtype.BF16);
    export(original, out.resolve("new"));
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "LETHE_PARITY", matches = ".+")
  void realModels() throws IOException {
    for (String name : new String[] {"stories260K", "stories15M", "minimind2-small"}) {
      Path original = Golden.sharedModels().orElseThrow().resolve(name);
      Files.createDirectories(out.resolve(name));
      if (!Files.exists(out.resolve(name).resolve("original"))) {
        Files.createSymbolicLink(out.resolve(name).resolve("original"), original);
      }
      export(original, out.resolve(name));
    }
  }

  private static void export(Path original, Path target) throws IOException {
    ModelDirectory model = ModelDirectory.open(original);
    ModelDirectoryWriter writer = new ModelDirectoryWriter(ModelFiles.HADOOP, 3_000_000);
    ObjectNode results = JSON.createObjectNode();
    try (Tokenizer tokenizer = model.openTokenizer()) {
      Example example =
          new ExampleEncoder(tokenizer, PromptTemplate.raw())
              .encode("row", "Once upon a time", "there was a river in Ada Street.", 64)
              .example();
      Batch batch = Batch.of(List.of(example));
      put(results.putArray("ids"), example.tokens());
      results.put("prompt_tokens", example.promptTokens());
      results.put("prompt", "Once upon a time");
      put(results.putArray("prompt_ids"), tokenizer.encode("Once upon a time"));
      try (Decoder decoder =
          Decoder.load(model.architecture(), Adapter.full(), DataType.FLOAT, model)) {
        double[] losses = decoder.forward(batch).tokens()[0];
        put(results.putArray("losses"), losses);
        writer.write(target.resolve("written").toUri(), model, decoder::forEachTensor);
        assertThat(losses(target.resolve("written"), batch)).containsExactly(losses);
      }
      Adapter.Lora lora = new Adapter.Lora(4, 10, 0, Projection.moduleNames(), 1);
      try (Decoder decoder = Decoder.load(model.architecture(), lora, DataType.FLOAT, model)) {
        for (ParameterLayout.Entry entry : decoder.layout().entries()) {
          new RandomWeights(9)
              .read(entry.name(), decoder.layout().view(decoder.parameters(), entry));
        }
        double[] losses = decoder.forward(batch).tokens()[0];
        put(results.putArray("adapter_losses"), losses);
        AdapterDirectory.write(
            target.resolve("adapter").toUri(), ModelFiles.HADOOP, "../original", decoder);
        writer.write(target.resolve("merged").toUri(), model, decoder::forEachTensor);
        assertThat(losses).isNotEqualTo(losses(target.resolve("written"), batch));
        assertThat(adapterLosses(model, target.resolve("adapter"), lora, batch))
            .containsExactly(losses);
        assertThat(losses(target.resolve("merged"), batch)).containsExactly(losses, within(MERGED));
      }
    }
    Files.write(target.resolve("lethe.json"), JSON.writeValueAsBytes(results));
  }

  private static double[] losses(Path directory, Batch batch) {
    ModelDirectory model = ModelDirectory.open(directory);
    try (Decoder decoder =
        Decoder.load(model.architecture(), Adapter.full(), DataType.FLOAT, model)) {
      return decoder.forward(batch).tokens()[0];
    }
  }

  private static double[] adapterLosses(
      ModelDirectory model, Path directory, Adapter.Lora lora, Batch batch) {
    try (Decoder decoder = Decoder.load(model.architecture(), lora, DataType.FLOAT, model)) {
      decoder.readTrainable(AdapterDirectory.open(directory));
      return decoder.forward(batch).tokens()[0];
    }
  }

  private static void put(ArrayNode array, int[] values) {
    for (int value : values) {
      array.add(value);
    }
  }

  private static void put(ArrayNode array, double[] values) {
    for (double value : values) {
      array.add(value);
    }
  }
}
