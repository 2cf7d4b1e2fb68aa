package org.lethe.model.family;

import java.util.Optional;
import java.util.OptionalInt;
import org.lethe.compute.Scores;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.RotaryPositions;

/** Mistral (Jiang et al., arXiv 2310.06825): Llama without biases, with a sliding window. */
final class Mistral implements ModelFamily {
  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public String className() {
    return "MistralForCausalLM";
  }

  /** Window of transformers if config.json does not name one. */
  private static final int DEFAULT_WINDOW = 4096;

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = Sizes.read(keys, keys.positive("num_key_value_heads"));
    RotaryPositions positions = RopeKeys.whole(keys, sizes, RopeKeys.DEFAULT_THETA);
    Scores scores =
        sizes
            .scores()
            .within(
                keys.window(
                    "sliding_window", OptionalInt.of(DEFAULT_WINDOW), sizes.maxPositions()));
    LlamaModel model =
        new LlamaModel(
                sizes,
                keys.positiveNumber("rms_norm_eps"),
                positions,
                keys.flag("tie_word_embeddings"))
            .activation(keys.activation("hidden_act", "silu"))
            .scores(layer -> scores);
    return keys.ifComplete(model::architecture);
  }
}
