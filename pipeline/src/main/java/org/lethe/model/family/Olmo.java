package org.lethe.model.family;

import java.util.EnumSet;
import java.util.Optional;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

/** OLMo (Groeneveld et al., arXiv 2402.00838): LayerNorm without weights and biases. */
final class Olmo implements ModelFamily {
  @Override
  public String modelType() {
    return "olmo";
  }

  @Override
  public String className() {
    return "OlmoForCausalLM";
  }

  private static final double EPSILON = 1e-5;

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, Sizes.keyValueHeads(keys));
    RotaryPositions positions = RopeKeys.whole(keys, sizes, RopeKeys.DEFAULT_THETA);
    if (keys.has("clip_qkv")) {
      keys.problem("clip_qkv is %s, which is not computed here", keys.shown("clip_qkv"));
    }
    LlamaModel model =
        new LlamaModel(sizes, EPSILON, positions, keys.flag("tie_word_embeddings"))
            .norm((module, size) -> Norm.plainLayer(size, EPSILON))
            .activation(keys.activation("hidden_act", "silu"))
            .biases(
                keys.flag("attention_bias")
                    ? Projection.ATTENTION
                    : EnumSet.noneOf(Projection.class));
    return keys.ifComplete(model::architecture);
  }
}
