package org.lethe.model.architecture;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

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
    keys.requireFullWindow();
    OptionalInt keyValueHeads =
        keys.has("num_key_value_heads")
            ? OptionalInt.of(keys.positive("num_key_value_heads"))
            : OptionalInt.empty();
    Set<Projection> biases = EnumSet.noneOf(Projection.class);
    if (keys.flag("attention_bias")) {
      biases.addAll(Projection.ATTENTION);
    }
    if (keys.flag("mlp_bias")) {
      biases.addAll(Projection.FEED_FORWARD);
    }
    return LlamaConfigReader.read(keys, keyValueHeads, biases).map(LlamaConfig::architecture);
  }
}
