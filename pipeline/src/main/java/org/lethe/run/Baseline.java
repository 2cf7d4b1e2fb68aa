package org.lethe.run;

import java.util.Optional;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;

/**
 * How well the model knew the forget set before unlearning, beside rows that it never saw. What was
 * not known cannot be shown to be forgotten.
 *
 * @param forget answer probability of the forget set
 * @param unseen answer probability of the unseen rows
 */
public record Baseline(Figure forget, Figure unseen) {
  private static final String FIGURE = "forget.probability";

  /** The baseline of a run that is measured on unseen rows. */
  public static Optional<Baseline> of(EvaluationFigures before) {
    Figure forget = before.measured().get(FIGURE);
    Figure unseen = before.measured().get(Gate.UNSEEN + FIGURE);
    return forget == null || unseen == null
        ? Optional.empty()
        : Optional.of(new Baseline(forget, unseen));
  }

  /** Whether the mean of the forget set lies above the interval of unseen rows. */
  public boolean isKnown() {
    return forget.mean() > unseen.high();
  }

  /** The failure of a run whose forget set was not known. */
  public LetheException failure(String keptAt) {
    return RunErrors.noBaseline(forget.mean(), unseen.mean(), unseen.high(), keptAt);
  }
}
