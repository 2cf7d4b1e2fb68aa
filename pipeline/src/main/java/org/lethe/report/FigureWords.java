package org.lethe.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a figure means, in words for people who have not read the documentation, and which way is
 * good. Used by the report and by the terminal's table, so that both say the same.
 */
public enum FigureWords {
  ROUGE_L_RECALL(
      "rouge-l-recall",
      "Text recited",
      "share of the expected answer's words that the model writes by itself (ROUGE-L recall)",
      true,
      Wanted.LOWER),
  ROUGE_L_F1(
      "rouge-l-f1",
      "Text recited, both ways",
      "the same, also counting words that should not be there (ROUGE-L F1)",
      true,
      Wanted.LOWER),
  EXACT_MATCH(
      "exact-match",
      "Word for word",
      "share of answers that are exactly the expected one",
      true,
      Wanted.LOWER),
  PROBABILITY(
      "probability",
      "Belief in the answer",
      "probability of the expected answer, per token (geometric mean)",
      true,
      Wanted.LOWER),
  LOSS(
      "loss",
      "Surprise at the answer",
      "mean loss per token of the expected answer, in nats",
      false,
      Wanted.HIGHER),
  EXACT_MEMORISATION(
      "exact-memorisation",
      "Tokens known by heart",
      "share of the answer's tokens that are the model's first choice",
      true,
      Wanted.LOWER),
  EXTRACTION_STRENGTH(
      "extraction-strength",
      "Ease of extraction",
      "share of the answer that the model completes once the rest is given",
      true,
      Wanted.LOWER),
  BLANK(
      "blank",
      "Empty answers",
      "share of answers without any letter or digit",
      true,
      Wanted.NEITHER),
  REPETITION(
      "repetition",
      "Repetition",
      "how much of an answer repeats itself; near 1 the model is broken",
      true,
      Wanted.NEITHER);

  /** Which way is good for text that is to be forgotten. */
  private enum Wanted {
    LOWER,
    HIGHER,
    NEITHER
  }

  private final String key;
  private final String label;
  private final String meaning;
  private final boolean share;
  private final Wanted forForget;

  FigureWords(String key, String label, String meaning, boolean share, Wanted forForget) {
    this.key = key;
    this.label = label;
    this.meaning = meaning;
    this.share = share;
    this.forForget = forForget;
  }

  /** The words for a metric's key, if it is one that people are shown. */
  public static Optional<FigureWords> ofKey(String key) {
    return Arrays.stream(values()).filter(words -> words.key.equals(key)).findFirst();
  }

  /** The metric's key in summaries and gates. */
  public String key() {
    return key;
  }

  /** A name of two or three words. */
  public String label() {
    return label;
  }

  /** What it is, in one clause. */
  public String meaning() {
    return meaning;
  }

  /** Whether it lies between 0 and 1 and reads best as per cent. */
  public boolean isShare() {
    return share;
  }

  /**
   * Whether lower is good: on the forget set the reverse of all other sets. Signs of a broken model
   * are good nowhere.
   *
   * @param set such as forget or retain
   */
  public boolean isLowerBetter(String set) {
    return switch (forForget) {
      case LOWER -> set.endsWith("forget");
      case HIGHER -> !set.endsWith("forget");
      case NEITHER -> true;
    };
  }

  /** The value as it is shown: per cent for shares, three decimals otherwise. */
  public String shown(double value) {
    return share
        ? String.format(Locale.ROOT, "%.1f %%", 100 * value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
