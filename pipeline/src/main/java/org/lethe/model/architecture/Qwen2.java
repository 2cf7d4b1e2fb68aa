package org.lethe.model.architecture;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Qwen2 and Qwen2.5 (Yang et al., arXiv 2407.10671): Llama's blocks with biases on query, key and
 * value only. config.json does not name the biases.
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
  public Optional<Architecture> read(ConfigKeys keys) {
    // Unlike in Mistral, sliding_window means nothing unless this key is true.
    if (keys.flag("use_sliding_window")) {
      keys.problem("use_sliding_window is true, expected false: %s", ConfigKeys.FULL_WINDOW);
    }
    OptionalInt keyValueHeads = OptionalInt.of(keys.positive("num_key_value_heads"));
    return LlamaConfigReader.read(keys, keyValueHeads, Projection.ATTENTION_INPUTS)
        .map(LlamaConfig::architecture);
  }
}
