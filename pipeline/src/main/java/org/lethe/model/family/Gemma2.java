package org.lethe.model.family;

import java.util.Optional;
import java.util.Set;
import org.lethe.compute.Scores;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.RotaryPositions;

/**
 * Gemma 2 (arXiv 2408.00118): soft caps, norms around both halves, a window in every other layer.
 */
final class Gemma2 implements ModelFamily {
  @Override
  public String modelType() {
    return "gemma2";
  }

  @Override
  public String className() {
    return "Gemma2ForCausalLM";
  }

  @Override
  public Set<String> computedKeys() {
    return Set.of("layer_types", "attn_logit_softcapping", "final_logit_softcapping");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = GemmaKeys.sizes(keys);
    RotaryPositions positions = RopeKeys.whole(keys, sizes, RopeKeys.DEFAULT_THETA);
    Scores scores = GemmaKeys.scores(keys);
    LlamaModel model =
        GemmaKeys.model(
                keys, sizes, positions, keys.activation("hidden_activation", "gelu_pytorch_tanh"))
            .wiring(LlamaModel.Wiring.AROUND_HALVES)
            .scores(Windows.exceptEach(keys, sizes, scores, 2))
            .logitCap(keys.optionalNumber("final_logit_softcapping"));
    return keys.ifComplete(model::architecture);
  }
}
