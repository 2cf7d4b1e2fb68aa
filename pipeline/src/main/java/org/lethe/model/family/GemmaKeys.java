package org.lethe.model.family;

import java.util.OptionalInt;
import org.lethe.compute.Activation;
import org.lethe.compute.Scores;
import org.lethe.model.architecture.Norm;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

/** What the families of Gemma share (arXiv 2403.08295, 2408.00118 and 2503.19786). */
final class GemmaKeys {
  private static final int DEFAULT_HEAD_SIZE = 256;
  private static final double DEFAULT_EPSILON = 1e-6;

  private GemmaKeys() {}

  static Sizes sizes(ConfigKeys keys) {
    return Sizes.withHeadSize(keys, keys.positive("num_key_value_heads"), DEFAULT_HEAD_SIZE);
  }

  /** Scores by query_pre_attn_scalar, with a cap if there is one. */
  static Scores scores(ConfigKeys keys) {
    double scalar = keys.positiveNumber("query_pre_attn_scalar", DEFAULT_HEAD_SIZE);
    return new Scores(
        1 / Math.sqrt(scalar), keys.optionalNumber("attn_logit_softcapping"), OptionalInt.empty());
  }

  /** A model with norms of factor 1 + w and embeddings times sqrt D. */
  static LlamaModel model(
      ConfigKeys keys, Sizes sizes, RotaryPositions positions, Activation activation) {
    keys.requireFalse("use_bidirectional_attention");
    double epsilon = keys.positiveNumber("rms_norm_eps", DEFAULT_EPSILON);
    LlamaModel model =
        new LlamaModel(sizes, epsilon, positions, keys.flag("tie_word_embeddings", true));
    model
        .norm((module, size) -> Norm.shiftedRms(module, size, epsilon))
        .activation(activation)
        .embeddingScale(Math.sqrt(sizes.hidden()));
    return keys.flag("attention_bias") ? model.biases(Projection.ATTENTION) : model;
  }
}
