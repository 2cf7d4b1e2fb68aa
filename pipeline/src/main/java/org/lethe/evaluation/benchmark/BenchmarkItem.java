package org.lethe.evaluation.benchmark;

/**
 * One sequence that a benchmark scores. Its texts may be personal data; {@code toString} contains
 * none.
 *
 * @param set name of its set
 * @param id id within its set, safe to log
 * @param task the category, or empty
 * @param prompt input of the model; empty for plain text
 * @param answer the text to score
 * @param form which tokens are scored
 */
public record BenchmarkItem(
    String set, String id, String task, ShotPrompt prompt, String answer, Form form) {
  /** Which tokens of an item are scored. */
  public enum Form {
    /** The answer and the end token. */
    ANSWER,
    /** The answer alone, such as a letter or a whole text. */
    OPEN
  }

  /** Returns an item whose answer the model should end by itself. */
  public static BenchmarkItem answer(
      String set, String id, String task, String prompt, String answer) {
    return new BenchmarkItem(set, id, task, ShotPrompt.of(prompt), answer, Form.ANSWER);
  }

  /** Returns a text of which every token is scored. */
  public static BenchmarkItem text(String set, String id, String text) {
    return new BenchmarkItem(set, id, "", ShotPrompt.of(""), text, Form.OPEN);
  }

  @Override
  public String toString() {
    return "BenchmarkItem[" + set + ", " + id + "]";
  }
}
