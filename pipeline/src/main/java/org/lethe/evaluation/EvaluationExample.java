package org.lethe.evaluation;

import java.util.Comparator;
import org.lethe.text.Example;

/**
 * One example to be evaluated. Its texts are personal data; {@code toString} shows none.
 *
 * @param set which set it is of, such as {@code forget} or {@code retain}
 * @param task the category that the data gave, empty if none
 * @param prompt what the model is given
 * @param expected what the data says
 * @param example the tokens of both, with the id
 */
public record EvaluationExample(
    String set, String task, String prompt, String expected, Example example) {

  /** Similar lengths together; a total order wherever ids are unique within a set. */
  static final Comparator<EvaluationExample> BY_LENGTH =
      Comparator.<EvaluationExample>comparingInt(e -> e.example().tokens().length)
          .thenComparingInt(e -> e.example().promptTokens())
          .thenComparing(EvaluationExample::id)
          .thenComparing(EvaluationExample::set);

  /** The row id, safe to log. */
  public String id() {
    return example.id();
  }

  @Override
  public String toString() {
    return "EvaluationExample[" + set + ", " + id() + "]";
  }
}
