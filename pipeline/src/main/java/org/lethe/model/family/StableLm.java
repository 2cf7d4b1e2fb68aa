package org.lethe.model.family;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

/**
 * StableLM (Bellagente et al., arXiv 2402.17834): LayerNorm, a rotated part of each head, and
 * optionally parallel halves.
 */
final class StableLm implements ModelFamily {
  @Override
  public String modelType() {
    return "stablelm";
  }

  @Override
  public String className() {
    return "StableLmForCausalLM";
  }

  private static final double ROTATED_SHARE = 0.25;
  private static final double DEFAULT_EPSILON = 1e-5;

  @Override
  public Set<String> computedKeys() {
    return Set.of("partial_rotary_factor");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, keys.positive("num_key_value_heads"));
    RotaryPositions positions =
        RopeKeys.part(keys, sizes, ROTATED_SHARE, "partial_rotary_factor", "rope_theta");
    keys.requireFalse("qk_layernorm");
    double epsilon = keys.positiveNumber("layer_norm_eps", DEFAULT_EPSILON);
    boolean parallel = keys.flag("use_parallel_residual");
    LlamaModel model =
        new LlamaModel(sizes, epsilon, positions, keys.flag("tie_word_embeddings"))
            .norm((module, size) -> Norm.layer(module, size, epsilon))
            .wiring(parallel ? LlamaModel.Wiring.SHARED : LlamaModel.Wiring.BEFORE_HALVES)
            .activation(keys.activation("hidden_act", "silu"))
            .biases(
                keys.flag("use_qkv_bias")
                    ? Projection.ATTENTION_INPUTS
                    : EnumSet.noneOf(Projection.class));
    return keys.ifComplete(model::architecture);
  }
}
