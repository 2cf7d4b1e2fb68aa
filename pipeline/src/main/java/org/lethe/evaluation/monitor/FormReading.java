package org.lethe.evaluation.monitor;

import java.util.Locale;

/**
 * The form of answers to forget rows beside that of unseen rows. A model that answers forget rows
 * with nothing or in loops shows that it once knew them.
 *
 * @param forget answers of the unlearned model to forget rows
 * @param unseen answers of the initial model to unseen rows
 */
public record FormReading(SetForm forget, SetForm unseen) {
  /** Degenerate share of the forget rows above that of the unseen rows; below 0 if it is less. */
  public double excess() {
    return forget.degenerate() - unseen.degenerate();
  }

  /** The reading in one clause. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "%.0f %% of the answers to forget rows are empty or repeated (unseen rows: %.0f %%)",
        100 * forget.degenerate(),
        100 * unseen.degenerate());
  }
}
