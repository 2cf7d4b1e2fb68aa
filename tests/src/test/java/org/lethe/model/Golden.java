package org.lethe.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.SharedFolder;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.family.ConfigKeys;
import org.lethe.model.family.ModelFamilies;
import org.lethe.model.layer.Rotary;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Reference values that PyTorch computed in float64; the file describes how. */
public record Golden(JsonNode root) {
  /** Reads a file from the test resources. */
  public static Golden resource(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/model/" + name + ".json")) {
      return new Golden(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Golden file(Path path) throws IOException {
    return new Golden(new ObjectMapper().readTree(Files.readString(path)));
  }

  /** Folder of real models, if this machine has one. */
  public static Optional<Path> sharedModels() {
    return SharedFolder.find("models");
  }

  public Batch batch(String set) {
    List<Example> examples = new ArrayList<>();
    for (JsonNode row : root.get(set)) {
      examples.add(
          new Example(
              set + examples.size(), ints(row.get("ids")), row.get("prompt_tokens").asInt()));
    }
    return Batch.of(examples);
  }

  public double[] losses(String set, int row) {
    JsonNode values = root.get(set).get(row).get("token_nll");
    double[] losses = new double[values.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = values.get(i).asDouble();
    }
    return losses;
  }

  /** PyTorch's own rotary tables, if this is a file of tables. */
  Rotary rotary(int headSize) {
    return new Rotary(headSize / 2, floats("cosines"), floats("sines"));
  }

  private float[] floats(String name) {
    JsonNode array = root.get(name);
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }

  double gradientNorm(String tensor, String set) {
    return root.get("gradient_norms").get(tensor).get(set).asDouble();
  }

  JsonNode series() {
    return root.get("series");
  }

  int[] greedyPrompt() {
    return ints(root.get("greedy").get("prompt_ids"));
  }

  int[] greedyNext() {
    return ints(root.get("greedy").get("next_24"));
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  /** The tiny model, read from the config.json that transformers wrote or from Llama's settings. */
  Architecture architecture() {
    String type = root.has("config_json") ? root.at("/config_json/model_type").asText() : "llama";
    ConfigKeys keys =
        new ConfigKeys(root.has("config_json") ? root.get("config_json") : root.get("config"));
    return ModelFamilies.find(type).orElseThrow().read(keys).orElseThrow();
  }
}
