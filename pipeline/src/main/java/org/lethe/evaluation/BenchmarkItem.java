package org.lethe.evaluation;

/**
 * One sequence that a benchmark measures. Its texts may be personal data; {@code toString} shows
 * none.
 *
 * @param set which set it is of
 * @param id within its set, safe to log
 * @param task the category, or empty
 * @param prompt what the model is given; empty for plain text
 * @param answer what is scored
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

  /** An answer that the model should end by itself. */
  public static BenchmarkItem answer(
      String set, String id, String task, String prompt, String answer) {
    return new BenchmarkItem(set, id, task, ShotPrompt.of(prompt), answer, Form.ANSWER);
  }

  /** A text of which every token counts. */
  public static BenchmarkItem text(String set, String id, String text) {
    return new BenchmarkItem(set, id, "", ShotPrompt.of(""), text, Form.OPEN);
  }

  @Override
  public String toString() {
    return "BenchmarkItem[" + set + ", " + id + "]";
  }
}
