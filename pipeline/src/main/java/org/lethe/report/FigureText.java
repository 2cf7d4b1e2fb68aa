package org.lethe.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Names and meanings of figures for readers without the documentation, and which direction is good.
 * The report and the terminal's table share them.
 */
public enum FigureText {
  ROUGE_L_RECALL(
      "rouge-l-recall",
      "Text recited",
      "share of the expected answer's words that the model generates (ROUGE-L recall)",
      true,
      Wanted.LOWER),
  ROUGE_L_F1(
      "rouge-l-f1",
      "Text recited, F1",
      "text recited, reduced by words that are not in the expected answer (ROUGE-L F1)",
      true,
      Wanted.LOWER),
  EXACT_MATCH(
      "exact-match",
      "Exact answers",
      "share of answers that equal the expected one",
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
      "Memorised tokens",
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
      "share of an answer that repeats itself; near 1 the model is broken",
      true,
      Wanted.NEITHER),
  CUT(
      "cut",
      "Answers cut",
      "share of answers that the limit of new tokens ended, not the model",
      true,
      Wanted.NEITHER);

  /** A figure without a value, in tables. */
  public static final String NOT_MEASURED = "not measured";

  /** The good direction for text to forget. */
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

  FigureText(String key, String label, String meaning, boolean share, Wanted forForget) {
    this.key = key;
    this.label = label;
    this.meaning = meaning;
    this.share = share;
    this.forForget = forForget;
  }

  /** Returns the entry for a metric's key, if the report shows that metric. */
  public static Optional<FigureText> ofKey(String key) {
    return Arrays.stream(values()).filter(text -> text.key.equals(key)).findFirst();
  }

  /** The metric's key in summaries and gates. */
  public String key() {
    return key;
  }

  /** A name of two or three words. */
  public String label() {
    return label;
  }

  /** The meaning, in one clause. */
  public String meaning() {
    return meaning;
  }

  /** Whether the figure lies between 0 and 1 and is shown in per cent. */
  public boolean isShare() {
    return share;
  }

  /**
   * Whether lower is good. On the forget set this is the reverse of all other sets. Signs of a
   * broken model are never good.
   *
   * @param set name of the set, such as forget or retain
   */
  public boolean isLowerBetter(String set) {
    return switch (forForget) {
      case LOWER -> set.endsWith("forget");
      case HIGHER -> !set.endsWith("forget");
      case NEITHER -> true;
    };
  }

  /** Formats a value: per cent for shares, three decimals otherwise. */
  public String shown(double value) {
    return share
        ? String.format(Locale.ROOT, "%.1f %%", 100 * value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
