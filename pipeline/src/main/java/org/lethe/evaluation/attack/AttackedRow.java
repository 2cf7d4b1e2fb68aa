package org.lethe.evaluation.attack;

import java.util.List;
import java.util.Optional;
import org.lethe.text.Example;

/**
 * A row to attack. Its texts are personal data; {@code toString} contains none.
 *
 * @param set name of its set
 * @param prompt input of the model
 * @param expected the answer in the data
 * @param example the tokens of both
 * @param shots other rows of the set, as texts to put in front
 * @param paraphrases the user's own rephrasings of the prompt
 * @param entity words of the answer that the depth of unlearning is about, if the user marked some
 */
public record AttackedRow(
    String set,
    String prompt,
    String expected,
    Example example,
    List<String> shots,
    List<String> paraphrases,
    Optional<String> entity) {
  public AttackedRow {
    shots = List.copyOf(shots);
    paraphrases = List.copyOf(paraphrases);
  }

  /** The row id, safe to log. */
  public String id() {
    return example.id();
  }

  @Override
  public String toString() {
    return "AttackedRow[" + set + ", " + id() + "]";
  }
}
