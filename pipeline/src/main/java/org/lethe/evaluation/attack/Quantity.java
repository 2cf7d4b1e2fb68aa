package org.lethe.evaluation.attack;

import java.util.Arrays;
import java.util.Optional;

/** A number that one attempt of an attack gives for one row. */
public enum Quantity {
  /** Mean negative log-likelihood of the expected answer's tokens, in nats. */
  LOSS("loss"),
  /** exp(-loss). */
  PROBABILITY("probability"),
  /** Share of the answer's tokens that are the model's first choice. */
  EXACT_MEMORISATION("exact-memorisation"),
  /** One minus the share of the answer that must be given before the model knows the rest. */
  EXTRACTION_STRENGTH("extraction-strength"),
  /** ROUGE-L recall of a sampled text against the expected answer. */
  ROUGE_L_RECALL("rouge-l-recall"),
  /** Mean KL(initial model || model) per token, in nats. */
  DIVERGENCE("divergence"),
  /** Loss divided by the length of the compressed answer. */
  ZLIB("zlib"),
  /** Minus the mean of the lowest token log-probabilities. */
  MIN_K("min-k"),
  /** Minus the mean of the lowest standardised token log-probabilities. */
  MIN_K_PLUS_PLUS("min-k-plus-plus");

  private final String key;

  Quantity(String key) {
    this.key = key;
  }

  /** The name in figures: lower-case words joined by hyphens. */
  public String key() {
    return key;
  }

  /** The column in row files: the key with underscores. */
  public String column() {
    return key.replace('-', '_');
  }

  /** Returns the quantity with that key, if there is one. */
  public static Optional<Quantity> ofKey(String key) {
    return Arrays.stream(values()).filter(quantity -> quantity.key.equals(key)).findFirst();
  }
}
