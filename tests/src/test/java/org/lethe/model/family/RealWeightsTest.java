package org.lethe.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.TestBackend;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Golden;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.model.ParameterLayout;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.generation.Generator;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Compares pretrained models with transformers in float64. LETHE_REAL_MODELS is a folder that holds
 * them under the names below.
 */
@EnabledIfEnvironmentVariable(named = "LETHE_REAL_MODELS", matches = ".+")
final class RealWeightsTest {
  @ParameterizedTest
  @CsvSource({"smollm2, smollm2", "gemma3, gemma3"})
  void lossesGradientsAndTokensAreThoseOfTransformers(String folder, String name)
      throws IOException {
    Path models = Golden.sharedModels().orElseThrow();
    JsonNode golden =
        new ObjectMapper()
            .readTree(Files.readAllBytes(models.resolve("golden/golden_" + name + ".json")));
    ModelDirectory directory =
        ModelDirectory.open(Path.of(System.getenv("LETHE_REAL_MODELS"), folder));
    try (Decoder decoder =
        Decoder.load(
            directory.architecture(),
            Adapter.full(),
            TestBackend.HEAP_FLOAT.backend(),
            directory)) {
      List<JsonNode> rows = new ArrayList<>();
      golden.get("rows").forEach(rows::add);
      Batch batch = Batch.of(IntStream.range(0, rows.size()).mapToObj(i -> row(rows, i)).toList());
      double[][] losses = decoder.forward(batch).tokens();
      for (int i = 0; i < losses.length; i++) {
        double[] expected = doubles(rows.get(i).get("nll"));
        assertThat(losses[i]).hasSameSizeAs(expected);
        double mean = Arrays.stream(expected).average().orElseThrow();
        assertThat(Arrays.stream(losses[i]).average().orElseThrow())
            .isCloseTo(mean, within(1e-3 * mean));
      }
      checkGradients(decoder, batch, golden);
      Generator generator = new Generator(decoder, new Generator.Settings(24, 4, Set.of()));
      for (JsonNode row : rows) {
        assertThat(generator.generate(List.of(ints(row.get("prompt_ids"))), done -> {}).get(0))
            .containsExactly(ints(row.get("greedy")));
      }
    }
  }

  private static void checkGradients(Decoder decoder, Batch batch, JsonNode golden) {
    int tokens = batch.examples().stream().mapToInt(Example::completionTokens).sum();
    LogitLoss mean =
        chunk -> {
          double[] losses = chunk.tokenLosses();
          double[] weights = new double[losses.length];
          Arrays.fill(weights, 1.0 / tokens);
          chunk.nllGradient(weights);
          return Arrays.stream(losses).sum() / tokens;
        };
    try (Gradients gradients = decoder.newGradients()) {
      decoder.accumulate(batch, mean, gradients);
      for (ParameterLayout.Entry entry : decoder.layout().entries()) {
        FlatVector own = gradients.flat().slice(entry.offset(), entry.length());
        double norm = own.math().norm(own);
        assertThat(norm)
            .as(entry.name())
            .isCloseTo(
                golden.get("gradient_norms").get(entry.name()).asDouble(), withinPercentage(0.1));
      }
    }
  }

  private static Example row(List<JsonNode> rows, int i) {
    int[] prompt = ints(rows.get(i).get("prompt_ids"));
    int[] completion = ints(rows.get(i).get("completion_ids"));
    int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
    System.arraycopy(completion, 0, ids, prompt.length, completion.length);
    return new Example("row" + i, ids, prompt.length);
  }

  private static int[] ints(JsonNode array) {
    return Arrays.stream(doubles(array)).mapToInt(value -> (int) value).toArray();
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> array.get(i).asDouble());
    return values;
  }
}
