package org.lethe.evaluation.monitor;

import java.util.List;
import org.lethe.evaluation.Degeneration;

/**
 * The form of a model's greedy answers to the rows of one set. Holds no text.
 *
 * @param blank share of answers without a letter or digit
 * @param repetition mean repetition of the answers, see {@link Degeneration#repetition}; blank
 *     answers count as 0
 * @param count number of answers, at least 1
 */
public record SetForm(double blank, double repetition, long count) {
  public SetForm {
    if (!(blank >= 0 && repetition >= 0 && blank + repetition <= 1 + 1e-9) || count < 1) {
      throw new IllegalArgumentException(
          "Invalid form: " + blank + " and " + repetition + " of " + count + " answers");
    }
  }

  /** The form of some answers, at least one. */
  public static SetForm of(List<String> answers) {
    double blank = 0;
    double repetition = 0;
    for (String answer : answers) {
      double empty = Degeneration.blank(answer);
      blank += empty;
      repetition += (1 - empty) * Degeneration.repetition(answer);
    }
    return new SetForm(blank / answers.size(), repetition / answers.size(), answers.size());
  }

  /** Share of the answers that is degenerate: blank or repeated. */
  public double degenerate() {
    return blank + repetition;
  }
}
