package org.lethe.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.RotaryPositions;

/**
 * Gemma 3 without its image encoder (arXiv 2503.19786): norms of queries and keys, a window in five
 * of six layers, and another base of the rotary embedding in layers without one.
 */
final class Gemma3Text implements ModelFamily {
  @Override
  public String modelType() {
    return "gemma3_text";
  }

  @Override
  public String className() {
    return "Gemma3ForCausalLM";
  }

  private static final double GLOBAL_THETA = 1_000_000;
  private static final int DEFAULT_INTERVAL = 6;

  @Override
  public Set<String> computedKeys() {
    return Set.of("layer_types", "attn_logit_softcapping", "final_logit_softcapping");
  }

  @Override
  public Optional<Architecture> read(ConfigKeys keys) {
    Sizes sizes = GemmaKeys.sizes(keys);
    int interval = keys.positive("sliding_window_pattern", DEFAULT_INTERVAL);
    IntPredicate sliding = Windows.slidingExceptEach(keys, sizes, interval);
    JsonNode nested = keys.node("rope_parameters");
    JsonNode full =
        keys.has("rope_scaling") ? keys.node("rope_scaling") : nested.path("full_attention");
    RotaryPositions global =
        RopeKeys.of(keys, sizes, full, keys.positiveNumber("rope_theta", GLOBAL_THETA));
    RotaryPositions local =
        RopeKeys.of(
            keys,
            sizes,
            nested.path("sliding_attention"),
            keys.positiveNumber("rope_local_base_freq", RopeKeys.DEFAULT_THETA));
    LlamaModel model =
        GemmaKeys.model(
                keys, sizes, global, keys.activation("hidden_activation", "gelu_pytorch_tanh"))
            .wiring(LlamaModel.Wiring.AROUND_HALVES)
            .normsOfHeads()
            .scores(Windows.exceptEach(keys, sizes, GemmaKeys.scores(keys), interval))
            .positions(layer -> Optional.of(sliding.test(layer) ? local : global))
            .logitCap(keys.optionalNumber("final_logit_softcapping"));
    return keys.ifComplete(model::architecture);
  }
}
