package org.lethe.model.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.lethe.model.architecture.RotaryPositions.Llama3Scaling;

/**
 * Reads the keys that Llama and its relatives share, in the spelling of transformers 4
 * (rope_scaling) and 5 (rope_parameters).
 */
final class LlamaConfigReader {
  private static final double DEFAULT_THETA = 10_000;

  private final ConfigKeys keys;

  private LlamaConfigReader(ConfigKeys keys) {
    this.keys = keys;
  }

  /**
   * Reads a configuration.
   *
   * @param keyValueHeads number of key and value heads; empty for the number of query heads
   * @param biases projections that have a bias
   * @return empty if there is a problem
   */
  static Optional<LlamaConfig> read(
      ConfigKeys keys, OptionalInt keyValueHeads, Set<Projection> biases) {
    return new LlamaConfigReader(keys).read(keyValueHeads, biases);
  }

  private Optional<LlamaConfig> read(OptionalInt givenKeyValueHeads, Set<Projection> biases) {
    if (keys.has("hidden_act") && !keys.text("hidden_act").equals("silu")) {
      keys.problem("hidden_act is %s, expected silu", keys.shown("hidden_act"));
    }
    int hidden = keys.positive("hidden_size");
    int intermediate = keys.positive("intermediate_size");
    int layers = keys.positive("num_hidden_layers");
    int heads = keys.positive("num_attention_heads");
    int vocabulary = keys.positive("vocab_size");
    int positions = keys.positive("max_position_embeddings");
    double epsilon = keys.positiveNumber("rms_norm_eps");
    int keyValueHeads = givenKeyValueHeads.orElse(heads);
    int headSize = headSize(hidden, heads);
    if (heads % keyValueHeads != 0) {
      keys.problem(
          "num_attention_heads %d is no multiple of num_key_value_heads %d", heads, keyValueHeads);
    }
    if (headSize % 2 != 0) {
      keys.problem("head_dim %d is odd; rotary embedding needs pairs", headSize);
    }
    JsonNode rope = keys.node(keys.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
    double theta = theta(rope);
    Optional<Llama3Scaling> scaling = scaling(rope);
    boolean tied = keys.flag("tie_word_embeddings");
    if (!keys.problems().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new LlamaConfig(
            hidden,
            intermediate,
            layers,
            heads,
            keyValueHeads,
            headSize,
            vocabulary,
            positions,
            epsilon,
            theta,
            scaling,
            tied,
            biases));
  }

  private int headSize(int hidden, int heads) {
    if (keys.has("head_dim")) {
      return keys.positive("head_dim");
    }
    if (!keys.problems().isEmpty()) {
      return 2;
    }
    if (hidden % heads != 0) {
      keys.problem("hidden_size %d is no multiple of num_attention_heads %d", hidden, heads);
      return 2;
    }
    return hidden / heads;
  }

  private double theta(JsonNode rope) {
    if (keys.has("rope_theta")) {
      return keys.numberAbove(keys.node("rope_theta"), "rope_theta", 1);
    }
    return rope.hasNonNull("rope_theta")
        ? keys.numberAbove(rope.get("rope_theta"), "rope_theta", 1)
        : DEFAULT_THETA;
  }

  private Optional<Llama3Scaling> scaling(JsonNode rope) {
    if (!rope.isObject()) {
      return Optional.empty();
    }
    // Older files name the key "type".
    String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
    if (rope.path("partial_rotary_factor").asDouble(1) != 1) {
      keys.problem("partial_rotary_factor of rope_parameters is not computed here");
    }
    if (type.equals("llama3")) {
      return Optional.of(llama3(rope));
    }
    if (!type.equals("default")) {
      keys.problem("rope type is %s, expected default or llama3", ConfigKeys.clipped(type));
    }
    return Optional.empty();
  }

  private Llama3Scaling llama3(JsonNode rope) {
    List<String> names =
        List.of(
            "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings");
    boolean complete = true;
    for (String name : names) {
      if (!rope.path(name).isNumber()) {
        keys.missing(name + " of rope type llama3");
        complete = false;
      }
    }
    Llama3Scaling scaling =
        new Llama3Scaling(
            rope.path(names.get(0)).asDouble(),
            rope.path(names.get(1)).asDouble(),
            rope.path(names.get(2)).asDouble(),
            rope.path(names.get(3)).asInt());
    boolean possible =
        scaling.factor() >= 1
            && scaling.lowFrequencyFactor() > 0
            && scaling.highFrequencyFactor() > scaling.lowFrequencyFactor()
            && scaling.originalMaxPositions() > 0;
    if (complete && !possible) {
      keys.problem("rope type llama3 has impossible factors");
    }
    return scaling;
  }
}
