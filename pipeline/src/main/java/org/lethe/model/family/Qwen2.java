package org.lethe.model.family;

import java.util.Optional;
import java.util.Set;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

/**
 * Qwen2 and Qwen2.5 (Yang et al., arXiv 2407.10671): biases on query, key and value only, which
 * config.json does not name, and a window in the layers from max_window_layers on.
 */
final class Qwen2 implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen2";
  }

  @Override
  public String className() {
    return "Qwen2ForCausalLM";
  }

  @Override
  public Set<String> computedKeys() {
    return Set.of("layer_types");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, keys.positive("num_key_value_heads"));
    RotaryPositions positions = RopeKeys.whole(keys, sizes, RopeKeys.DEFAULT_THETA);
    LlamaModel model =
        new LlamaModel(
                sizes,
                keys.positiveNumber("rms_norm_eps"),
                positions,
                keys.flag("tie_word_embeddings"))
            .activation(keys.activation("hidden_act", "silu"))
            .scores(Windows.afterFirst(keys, sizes))
            .biases(Projection.ATTENTION_INPUTS);
    return keys.ifComplete(model::architecture);
  }
}
