package org.lethe.model.family;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

/**
 * Qwen3 (Yang et al., arXiv 2505.09388): Qwen2 with norms of queries and keys instead of biases.
 */
final class Qwen3 implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public String className() {
    return "Qwen3ForCausalLM";
  }

  private static final int DEFAULT_HEAD_SIZE = 128;

  @Override
  public Set<String> computedKeys() {
    return Set.of("layer_types");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.withHeadSize(keys, keys.positive("num_key_value_heads"), DEFAULT_HEAD_SIZE);
    RotaryPositions positions = RopeKeys.whole(keys, sizes, RopeKeys.DEFAULT_THETA);
    LlamaModel model =
        new LlamaModel(
                sizes,
                keys.positiveNumber("rms_norm_eps"),
                positions,
                keys.flag("tie_word_embeddings"))
            .activation(keys.activation("hidden_act", "silu"))
            .scores(Windows.afterFirst(keys, sizes))
            .biases(
                keys.flag("attention_bias")
                    ? Projection.ATTENTION
                    : EnumSet.noneOf(Projection.class))
            .normsOfHeads();
    return keys.ifComplete(model::architecture);
  }
}
