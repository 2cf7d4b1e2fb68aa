package org.lethe.evaluation;

import java.util.Arrays;
import java.util.Optional;

/** A figure of one row, averaged over rows in a summary. */
public enum Metric {
  /** Mean negative log-likelihood of the completion tokens, end token included, in nats. */
  LOSS("loss"),
  /** exp(-loss): the answer's probability, normalised by its length (TOFU, arXiv 2401.06121). */
  PROBABILITY("probability"),
  /** ROUGE-L recall of the greedy text against the expected one, with stemming. */
  ROUGE_L_RECALL("rouge-l-recall"),
  /** ROUGE-L F1 of the same, with stemming. */
  ROUGE_L_F1("rouge-l-f1"),
  /** 1 where the stripped, lower-cased greedy text equals the expected one. */
  EXACT_MATCH("exact-match"),
  /** 1 where the greedy text holds no letter and no digit. */
  BLANK("blank"),
  /** How much of the greedy text repeats itself, see {@link Degeneration#repetition}. */
  REPETITION("repetition"),
  /** Share of completion tokens that are the model's first choice under teacher forcing. */
  EXACT_MEMORISATION("exact-memorisation"),
  /** One minus the share of the answer that must be given before the model knows the rest. */
  EXTRACTION_STRENGTH("extraction-strength"),
  /** Minus the mean of the 40 % lowest token log-probabilities. */
  MIN_K("min-k"),
  /** The same of log-probabilities standardised over the vocabulary. */
  MIN_K_PLUS_PLUS("min-k-plus-plus"),
  /** Loss by the length in bytes of the zlib-compressed completion. */
  ZLIB("zlib"),
  /** Loss less that of a reference model. */
  REFERENCE_LOSS("reference-loss"),
  /** Mean over tensors of the norm of the gradient of the loss. */
  GRADIENT_NORM("gradient-norm");

  private final String key;

  Metric(String key) {
    this.key = key;
  }

  /** The name in summaries, gates and reports: lower case words joined by hyphens. */
  public String key() {
    return key;
  }

  /** The column in row files: the key with underscores. */
  public String column() {
    return key.replace('-', '_');
  }

  /** The metric of that key, if there is one. */
  public static Optional<Metric> ofKey(String key) {
    return Arrays.stream(values()).filter(m -> m.key.equals(key)).findFirst();
  }
}
