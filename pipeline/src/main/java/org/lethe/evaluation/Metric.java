package org.lethe.evaluation;

import java.util.Arrays;
import java.util.Optional;

/** A figure of one row. A summary averages it over rows. */
public enum Metric {
  /** Mean negative log-likelihood of the completion tokens, end token included, in nats. */
  LOSS("loss"),
  /** exp(-loss): the answer's probability, normalised by its length (TOFU, arXiv 2401.06121). */
  PROBABILITY("probability"),
  /** ROUGE-L recall of the greedy text against the expected one, words of any script. */
  ROUGE_L_RECALL("rouge-l-recall"),
  /** ROUGE-L F1 of the greedy text against the expected one, words of any script. */
  ROUGE_L_F1("rouge-l-f1"),
  /** ROUGE-L recall as rouge-score computes it: words of a-z and 0-9 only, with stemming. */
  ROUGE_SCORE_RECALL("rouge-score-recall"),
  /** ROUGE-L F1 as rouge-score computes it. */
  ROUGE_SCORE_F1("rouge-score-f1"),
  /** 1 if the stripped, lower-cased greedy text equals the expected one, otherwise 0. */
  EXACT_MATCH("exact-match"),
  /** 1 if the greedy text contains no letter and no digit, otherwise 0. */
  BLANK("blank"),
  /** Repetition in the greedy text, see {@link Degeneration#repetition}. */
  REPETITION("repetition"),
  /** 1 if the limit of new tokens ended the greedy text, 0 if the model did. */
  CUT("cut"),
  /** 1 if the limit ended it before the whole expected answer could appear, otherwise 0. */
  CUT_SHORT("cut-short"),
  /** Share of completion tokens that are the model's first choice under teacher forcing. */
  EXACT_MEMORISATION("exact-memorisation"),
  /** One minus the share of the answer that must be given before the model knows the rest. */
  EXTRACTION_STRENGTH("extraction-strength"),
  /** Minus the mean of the 40 % lowest token log-probabilities. */
  MIN_K("min-k"),
  /** Minus the mean of the 40 % lowest log-probabilities, standardised over the vocabulary. */
  MIN_K_PLUS_PLUS("min-k-plus-plus"),
  /** Loss divided by the length in bytes of the zlib-compressed completion. */
  ZLIB("zlib"),
  /** Loss minus that of a reference model. */
  REFERENCE_LOSS("reference-loss"),
  /** Mean over tensors of the norm of the gradient of the loss. */
  GRADIENT_NORM("gradient-norm");

  private final String key;

  Metric(String key) {
    this.key = key;
  }

  /** The name in summaries, gates and reports: lower-case words joined by hyphens. */
  public String key() {
    return key;
  }

  /** The column in row files: the key with underscores. */
  public String column() {
    return key.replace('-', '_');
  }

  /** Returns the metric with that key, if there is one. */
  public static Optional<Metric> ofKey(String key) {
    return Arrays.stream(values()).filter(m -> m.key.equals(key)).findFirst();
  }
}
