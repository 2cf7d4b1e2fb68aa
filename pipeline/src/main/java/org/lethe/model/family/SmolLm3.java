package org.lethe.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.RotaryPositions;

/** SmolLM3: Llama with layers that do not rotate queries and keys. */
final class SmolLm3 implements ModelFamily {
  @Override
  public String modelType() {
    return "smollm3";
  }

  @Override
  public String className() {
    return "SmolLM3ForCausalLM";
  }

  private static final double DEFAULT_THETA = 2_000_000;
  private static final double DEFAULT_EPSILON = 1e-6;
  private static final int DEFAULT_INTERVAL = 4;

  @Override
  public Set<String> computedKeys() {
    return Set.of("layer_types", "no_rope_layers");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, keys.positive("num_key_value_heads"));
    RotaryPositions positions = RopeKeys.whole(keys, sizes, DEFAULT_THETA);
    IntPredicate rotates = rotates(keys, sizes);
    IntPredicate sliding = keys.slidingLayers(sizes.layers(), layer -> !rotates.test(layer));
    OptionalInt window =
        keys.flag("use_sliding_window")
            ? keys.window("sliding_window", OptionalInt.empty(), sizes.maxPositions())
            : OptionalInt.empty();
    LlamaModel model =
        new LlamaModel(
                sizes,
                keys.positiveNumber("rms_norm_eps", DEFAULT_EPSILON),
                positions,
                keys.flag("tie_word_embeddings", true))
            .positions(layer -> rotates.test(layer) ? Optional.of(positions) : Optional.empty())
            .scores(layer -> sliding.test(layer) ? sizes.scores().within(window) : sizes.scores())
            .activation(keys.activation("hidden_act", "silu"))
            .biases(Llama.biases(keys));
    return keys.ifComplete(model::architecture);
  }

  /** Layers that rotate queries and keys: 1 in no_rope_layers. */
  private static IntPredicate rotates(ConfigKeys keys, Sizes sizes) {
    int interval = keys.positive("no_rope_layer_interval", DEFAULT_INTERVAL);
    JsonNode listed = keys.node("no_rope_layers");
    if (!listed.isArray()) {
      return layer -> (layer + 1) % interval != 0;
    }
    if (listed.size() != sizes.layers()) {
      keys.problem("no_rope_layers has %d entries, expected %d", listed.size(), sizes.layers());
    }
    return layer -> listed.path(layer).asInt() != 0;
  }
}
