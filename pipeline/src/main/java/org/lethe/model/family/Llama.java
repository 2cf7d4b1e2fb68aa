package org.lethe.model.family;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

/** Llama 1 to 3 and models saved as such. Biases come with all projections of a half, or none. */
final class Llama implements ModelFamily {
  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public String className() {
    return "LlamaForCausalLM";
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, Sizes.keyValueHeads(keys));
    if (keys.window("sliding_window", OptionalInt.empty(), sizes.maxPositions()).isPresent()
        && keys.flag("use_sliding_window", true)) {
      keys.problem("sliding_window is %s, expected none in llama", keys.shown("sliding_window"));
    }
    RotaryPositions positions = RopeKeys.whole(keys, sizes, RopeKeys.DEFAULT_THETA);
    LlamaModel model =
        new LlamaModel(
                sizes,
                keys.positiveNumber("rms_norm_eps"),
                positions,
                keys.flag("tie_word_embeddings"))
            .activation(keys.activation("hidden_act", "silu"))
            .biases(biases(keys));
    return keys.ifComplete(model::architecture);
  }

  /** Biases of all attention maps, of all feed-forward maps, of both or of none. */
  static Set<Projection> biases(ConfigKeys keys) {
    Set<Projection> biases = EnumSet.noneOf(Projection.class);
    if (keys.flag("attention_bias")) {
      biases.addAll(Projection.ATTENTION);
    }
    if (keys.flag("mlp_bias")) {
      biases.addAll(Projection.FEED_FORWARD);
    }
    return biases;
  }
}
