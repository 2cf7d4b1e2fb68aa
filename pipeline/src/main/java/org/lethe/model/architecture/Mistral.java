package org.lethe.model.architecture;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Mistral: Llama's blocks without biases. Rejects a window shorter than the context. */
final class Mistral implements ModelFamily {
  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public String className() {
    return "MistralForCausalLM";
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    keys.requireFullWindow();
    OptionalInt keyValueHeads = OptionalInt.of(keys.positive("num_key_value_heads"));
    return LlamaConfigReader.read(keys, keyValueHeads, Set.of()).map(LlamaConfig::architecture);
  }
}
