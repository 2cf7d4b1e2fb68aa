package org.lethe.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.compute.Backend;
import org.lethe.compute.BfloatMachine;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.text.Batch;
import org.lethe.text.ChatSettings;
import org.lethe.text.EncodedExample;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.TextSettings;
import org.lethe.text.TextSettings.ControlTokenRows;
import org.lethe.text.TextSettings.Template;
import org.lethe.text.Tokenizer;

/**
 * Losses of 20 texts under pretrained models, from text to loss, beside those of transformers in
 * float64. LETHE_REAL_MODELS is a folder that holds the models, LETHE_REAL_TEXTS one that holds a
 * file texts_NAME.json for each, which tests/parity/make_real_golden.py writes.
 */
@EnabledIfEnvironmentVariable(named = "LETHE_REAL_MODELS", matches = ".+")
@EnabledIfEnvironmentVariable(named = "LETHE_REAL_TEXTS", matches = ".+")
final class RealTextsTest {
  private static final int LONGEST = 512;

  @ParameterizedTest
  @ValueSource(strings = {"smollm2", "gemma3"})
  void lossesAreThoseOfTransformers(String name) throws IOException {
    assertThat(largestDifference(name, new HeapBackend())).isLessThan(1e-3);
  }

  /** Rounded factors move a loss by about as much as rounded weights do. */
  @ParameterizedTest
  @ValueSource(strings = {"smollm2", "gemma3"})
  void bfloatProductsMoveALossByAFewPerCentAtMost(String name) throws IOException {
    assertThat(largestDifference(name, BfloatMachine.backend())).isBetween(1e-6, 0.05);
  }

  /** The largest relative difference of a text's loss. */
  private static double largestDifference(String name, Backend backend) throws IOException {
    Path texts = Path.of(System.getenv("LETHE_REAL_TEXTS"), "texts_" + name + ".json");
    JsonNode golden = new ObjectMapper().readTree(Files.readAllBytes(texts));
    Path folder = Path.of(System.getenv("LETHE_REAL_MODELS"), name);
    ModelDirectory directory = ModelDirectory.open(folder);
    TextSettings settings =
        new TextSettings(
            Template.valueOf(golden.get("template").asText().toUpperCase(Locale.ROOT)),
            ChatSettings.DEFAULT,
            ControlTokenRows.SPLIT);
    List<JsonNode> rows = StreamSupport.stream(golden.get("rows").spliterator(), false).toList();
    assertThat(rows).hasSize(20);
    List<EncodedExample> encoded = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      ExampleEncoder encoder =
          new ExampleEncoder(tokenizer, settings.promptTemplate(tokenizer, name));
      for (JsonNode row : rows) {
        EncodedExample example =
            encoder.encode("row", row.get("prompt").asText(), row.get("answer").asText(), LONGEST);
        assertThat(example.example().tokens())
            .as(row.get("prompt").asText())
            .containsExactly(numbers(row.get("ids")));
        assertThat(example.example().promptTokens()).isEqualTo(row.get("prompt_ids").size());
        encoded.add(example);
      }
    }
    double largest = 0;
    try (Decoder decoder =
        Decoder.load(directory.architecture(), Adapter.frozen(), backend, directory)) {
      for (int i = 0; i < rows.size(); i++) {
        double[] losses = decoder.forward(Batch.of(List.of(encoded.get(i).example()))).tokens()[0];
        double expected = mean(rows.get(i).get("nll"));
        assertThat(losses).hasSize(rows.get(i).get("nll").size());
        double found = Arrays.stream(losses).average().orElseThrow();
        largest = Math.max(largest, Math.abs(found - expected) / expected);
        assertThat(found).isCloseTo(expected, within(0.5 * expected));
      }
    }
    System.out.printf(
        Locale.ROOT, "%s, %s: %.1e%n", name, backend.products().orElse("float"), largest);
    return largest;
  }

  private static int[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static double mean(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .average()
        .orElseThrow();
  }
}
