package org.lethe.model.family;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.lethe.model.GoldenWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * A small model of a family with reference values of transformers in float64, which
 * tests/parity/make_family_golden.py writes.
 *
 * @param name name of the golden file
 * @param root its content
 */
public record FamilyCase(String name, JsonNode root) {
  /** Names of all cases, in the order of the table of families. */
  static final List<String> NAMES =
      List.of(
          "llama",
          "llama-linear",
          "llama-yarn",
          "mistral",
          "qwen2",
          "qwen3",
          "gemma",
          "gemma2",
          "gemma3_text",
          "phi",
          "phi3",
          "gpt2",
          "gpt_neo",
          "gpt_neox",
          "gpt_neox-sequential",
          "olmo",
          "olmo2",
          "smollm3",
          "stablelm",
          "stablelm-parallel");

  /** All cases. */
  public static Stream<FamilyCase> all() {
    return NAMES.stream().map(FamilyCase::of);
  }

  /** One case. */
  public static FamilyCase of(String name) {
    String resource = "/model/families/" + name + ".json";
    try (InputStream in = FamilyCase.class.getResourceAsStream(resource)) {
      return new FamilyCase(name, new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The config.json that transformers wrote. */
  public JsonNode config() {
    return root.get("config_json");
  }

  /** The model, read from its config.json. */
  public Architecture architecture() {
    ConfigKeys keys = new ConfigKeys(config());
    return ModelFamilies.find(config().get("model_type").asText())
        .orElseThrow()
        .read(keys)
        .orElseThrow(() -> new IllegalStateException(keys.problems().toString()));
  }

  /** The weights: a formula of their names, in which ln_1 and the like count as norms. */
  public static WeightSource weights() {
    WeightSource formula = GoldenWeights.formula();
    return new WeightSource() {
      @Override
      public boolean contains(String name) {
        return true;
      }

      @Override
      public void read(String name, TensorValues target) {
        formula.read(name.replaceAll("\\b(ln_\\w+)\\.weight$", "$1norm.weight"), target);
      }
    };
  }

  /** The rows of the golden file. */
  public Batch batch() {
    List<Example> examples = new ArrayList<>();
    for (JsonNode row : root.get("rows")) {
      examples.add(
          new Example(
              name + examples.size(), ints(row.get("ids")), row.get("prompt_tokens").asInt()));
    }
    return Batch.of(examples);
  }

  /** Losses of the completion tokens of each row. */
  public List<double[]> losses() {
    List<double[]> losses = new ArrayList<>();
    for (JsonNode row : root.get("rows")) {
      double[] values = new double[row.get("losses").size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get("losses").get(i).asDouble();
      }
      losses.add(values);
    }
    return losses;
  }

  /** Norm of the gradient of the summed loss, by tensor. */
  public Map<String, Double> gradientNorms() {
    return new ObjectMapper()
        .convertValue(root.get("gradient_norms"), new TypeReference<Map<String, Double>>() {});
  }

  int[] greedyPrompt() {
    return ints(root.at("/greedy/prompt_ids"));
  }

  int[] greedyNext() {
    return ints(root.at("/greedy/next_64"));
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  @Override
  public String toString() {
    return name;
  }
}
