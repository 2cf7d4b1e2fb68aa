package org.lethe.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors of a Hugging Face Llama model. */
public final class WeightNames {
  static final String HEAD = "lm_head.weight";

  private WeightNames() {}

  /**
   * Names and shapes, [out, in] or [n], in the order of the model. A tied head is not among them.
   */
  public static Map<String, List<Long>> expected(DecoderConfig config) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    long hidden = config.hiddenSize();
    long vocabulary = config.vocabularySize();
    shapes.put("model.embed_tokens.weight", List.of(vocabulary, hidden));
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      shapes.put(prefix + "input_layernorm.weight", List.of(hidden));
      for (Projection projection : Projection.values()) {
        long outputs = projection.outputs(config);
        shapes.put(
            prefix + projection.path() + ".weight",
            List.of(outputs, (long) projection.inputs(config)));
        if (projection.hasBias(config)) {
          shapes.put(prefix + projection.path() + ".bias", List.of(outputs));
        }
      }
      shapes.put(prefix + "post_attention_layernorm.weight", List.of(hidden));
    }
    shapes.put("model.norm.weight", List.of(hidden));
    if (!config.tiedHead()) {
      shapes.put(HEAD, List.of(vocabulary, hidden));
    }
    return shapes;
  }

  /**
   * Whether a tensor beside the expected ones may be left out: a copy of a tied head, and tables
   * that old versions of transformers saved and all versions compute.
   */
  public static boolean mayBeLeftOut(String name, Set<String> expected) {
    return (name.equals(HEAD) && !expected.contains(HEAD)) || name.endsWith(".rotary_emb.inv_freq");
  }
}
