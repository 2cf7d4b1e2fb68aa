package org.lethe.evaluation;

import java.util.Arrays;
import java.util.Optional;

/**
 * A figure of a group of rows that has no value, because some of the rows have none. A mean over
 * the other rows would count the missing ones as average.
 *
 * @param reason reason in the first row without a value
 * @param rows number of rows without a value, at least 1
 * @param count number of rows of the group
 */
public record NotMeasured(Reason reason, long rows, long count) {
  /** Why a row has no value. */
  public enum Reason {
    CUT_SHORT(
        "cut-short",
        "generation ended before the whole expected answer could appear; raise"
            + " lethe.evaluate.max-new-tokens, or shorten prompts that fill the model's context"),
    NO_WORDS("no-words", "the expected answer has no words of the kind that the figure counts"),
    NO_TOKENS("no-tokens", "the expected answer has no tokens"),
    NO_TEXT("no-text", "no text was generated"),
    NO_PROMPT("no-prompt", "the row has no prompt to rephrase"),
    NO_EXAMPLES("no-examples", "the set has no other rows to show as examples"),
    CONTEXT_FULL("context-full", "the attack does not fit into the model's context"),
    NO_UNSEEN(
        "no-unseen",
        "there are no unseen rows to compare with; give some with lethe.corpus.unseen, or use a"
            + " gate with like-unseen"),
    NO_WORD("no-word", "the expected answer has no word that a question can leave out"),
    NO_PART("no-part", "the forget set has too few rows to teach some and hold back others"),
    NO_CONTROL(
        "no-control",
        "there is no model without the forget rows to compare with; give a retrained one with"
            + " lethe.attack.retrained"),
    NO_KNOWLEDGE(
        "no-knowledge",
        "the retrained model knows the row as well as the given one, in every block"),
    NO_ENTITY(
        "no-entity",
        "lethe.attack.entities marks no words of the row's answer, or the row was cut before"
            + " them"),
    NOT_COMPUTED("not-computed", "the row has no value of this kind");

    private final String key;
    private final String words;

    Reason(String key, String words) {
      this.key = key;
      this.words = words;
    }

    /** The name in documents. */
    public String key() {
      return key;
    }

    /** Returns the reason with that name, if there is one. */
    public static Optional<Reason> ofKey(String key) {
      return Arrays.stream(values()).filter(reason -> reason.key.equals(key)).findFirst();
    }

    /** Whether the row itself shows the reason, rather than the settings of the evaluation. */
    boolean isOfTheRow() {
      return this != NO_TEXT && this != NOT_COMPUTED;
    }

    /** Returns the reason why a row lacks a metric. */
    static Reason of(EvaluationRow row, Metric metric) {
      if (TextMetrics.ALL.contains(metric)) {
        if (row.generated().isEmpty()) {
          return NO_TEXT;
        }
        return TextEnd.recorded(row.metrics()) == TextEnd.CUT_SHORT ? CUT_SHORT : NO_WORDS;
      }
      boolean ofTokens =
          metric == Metric.EXACT_MEMORISATION || metric == Metric.EXTRACTION_STRENGTH;
      return ofTokens && row.tokens() == 1 ? NO_TOKENS : NOT_COMPUTED;
    }
  }

  public NotMeasured {
    if (rows < 1 || rows > count) {
      throw new IllegalArgumentException("Invalid rows: " + rows + " of " + count);
    }
  }

  /** The reason as text for messages and reports. */
  public String words() {
    return rows + " of " + count + " rows: " + reason.words;
  }
}
