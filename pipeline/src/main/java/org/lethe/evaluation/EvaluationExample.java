package org.lethe.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import org.lethe.text.Example;

/**
 * One example to evaluate. Its texts are personal data; {@code toString} contains none.
 *
 * @param set name of its set, such as {@code forget} or {@code retain}
 * @param task the category from the data, empty if none
 * @param prompt input of the model
 * @param expected the answer in the data
 * @param example the tokens of both texts, with the id
 */
public record EvaluationExample(
    String set, String task, String prompt, String expected, Example example) {

  /** Orders by length. A total order if ids are unique within a set. */
  static final Comparator<EvaluationExample> BY_LENGTH =
      Comparator.<EvaluationExample>comparingInt(e -> e.example().tokens().length)
          .thenComparingInt(e -> e.example().promptTokens())
          .thenComparing(EvaluationExample::id)
          .thenComparing(EvaluationExample::set);

  /** Orders by tokens, so that common beginnings are neighbours. A total order likewise. */
  static final Comparator<EvaluationExample> BY_TOKENS =
      Comparator.<EvaluationExample, int[]>comparing(e -> e.example().tokens(), Arrays::compare)
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
