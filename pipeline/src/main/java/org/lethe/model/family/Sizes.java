package org.lethe.model.family;

import org.lethe.compute.Heads;
import org.lethe.compute.Scores;
import org.lethe.model.architecture.TensorSpec;

/**
 * Sizes that config.json of most families names alike.
 *
 * @param hidden D
 * @param intermediate F, width of the feed-forward network
 * @param layers number of decoder blocks
 * @param heads query heads H
 * @param keyValueHeads key and value heads K, a divisor of H
 * @param headSize width of one head, S
 * @param vocabulary V
 * @param maxPositions longest sequence
 */
record Sizes(
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int vocabulary,
    int maxPositions) {
  /**
   * Reads the sizes. Wrong ones are recorded as problems.
   *
   * @param keyValueHeads number of key and value heads
   */
  static Sizes read(ConfigKeys keys, int keyValueHeads) {
    int hidden = keys.positive("hidden_size");
    int heads = keys.positive("num_attention_heads");
    return read(keys, keyValueHeads, headSize(keys, hidden, heads));
  }

  /** As {@link #read(ConfigKeys, int)}, with another default for the size of a head. */
  static Sizes withHeadSize(ConfigKeys keys, int keyValueHeads, int headSize) {
    return read(keys, keyValueHeads, keys.positive("head_dim", headSize));
  }

  private static Sizes read(ConfigKeys keys, int keyValueHeads, int headSize) {
    Sizes sizes =
        new Sizes(
            keys.positive("hidden_size"),
            keys.positive("intermediate_size"),
            keys.positive("num_hidden_layers"),
            keys.positive("num_attention_heads"),
            keyValueHeads,
            headSize,
            keys.positive("vocab_size"),
            keys.positive("max_position_embeddings"));
    if (sizes.heads % keyValueHeads != 0) {
      keys.problem(
          "num_attention_heads %d is no multiple of num_key_value_heads %d",
          sizes.heads, keyValueHeads);
    }
    return sizes;
  }

  /** The number of key and value heads, by default that of query heads. */
  static int keyValueHeads(ConfigKeys keys) {
    return keys.has("num_key_value_heads")
        ? keys.positive("num_key_value_heads")
        : keys.positive("num_attention_heads");
  }

  private static int headSize(ConfigKeys keys, int hidden, int heads) {
    return keys.has("head_dim") ? keys.positive("head_dim") : divided(keys, hidden, heads);
  }

  /** Hidden size by heads. Returns 2 after a problem so that later checks still run. */
  static int divided(ConfigKeys keys, int hidden, int heads) {
    if (hidden % heads == 0) {
      return hidden / heads;
    }
    if (keys.problems().isEmpty()) {
      keys.problem("hidden_size %d is no multiple of num_attention_heads %d", hidden, heads);
    }
    return 2;
  }

  Heads heads(Scores scores) {
    return new Heads(heads, keyValueHeads, headSize, scores);
  }

  /** Scores divided by sqrt S. */
  Scores scores() {
    return Scores.scaled(1 / Math.sqrt(headSize));
  }

  /** A matrix [V, D]. */
  TensorSpec byToken(String name) {
    return TensorSpec.matrix(name, vocabulary, hidden);
  }
}
