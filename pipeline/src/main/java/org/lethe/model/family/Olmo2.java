package org.lethe.model.family;

import java.util.EnumSet;
import java.util.Optional;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

/** OLMo 2 (arXiv 2501.00656): norms after both halves, and of queries and keys over all heads. */
final class Olmo2 implements ModelFamily {
  @Override
  public String modelType() {
    return "olmo2";
  }

  @Override
  public String className() {
    return "Olmo2ForCausalLM";
  }

  private static final double DEFAULT_EPSILON = 1e-5;

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, Sizes.keyValueHeads(keys));
    RotaryPositions positions = RopeKeys.whole(keys, sizes, RopeKeys.DEFAULT_THETA);
    LlamaModel model =
        new LlamaModel(
                sizes,
                keys.positiveNumber("rms_norm_eps", DEFAULT_EPSILON),
                positions,
                keys.flag("tie_word_embeddings"))
            .wiring(LlamaModel.Wiring.AFTER_HALVES)
            .normsOverHeads()
            .activation(keys.activation("hidden_act", "silu"))
            .biases(
                keys.flag("attention_bias")
                    ? Projection.ATTENTION
                    : EnumSet.noneOf(Projection.class));
    return keys.ifComplete(model::architecture);
  }
}
