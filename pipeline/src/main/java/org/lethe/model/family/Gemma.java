package org.lethe.model.family;

import java.util.Optional;
import org.lethe.compute.Activation;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.RotaryPositions;

/** Gemma (arXiv 2403.08295). */
final class Gemma implements ModelFamily {
  @Override
  public String modelType() {
    return "gemma";
  }

  @Override
  public String className() {
    return "GemmaForCausalLM";
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = GemmaKeys.sizes(keys);
    RotaryPositions positions = RopeKeys.whole(keys, sizes, RopeKeys.DEFAULT_THETA);
    LlamaModel model = GemmaKeys.model(keys, sizes, positions, activation(keys));
    return keys.ifComplete(model::architecture);
  }

  /** Old files name GELU where the tanh form was meant; transformers reads them so. */
  private static Activation activation(ConfigKeys keys) {
    Activation named = keys.activation("hidden_act", "gelu_pytorch_tanh");
    return named == Activation.GELU ? Activation.GELU_TANH : named;
  }
}
