package org.lethe.evaluation.tuning;

import java.util.Comparator;
import org.lethe.evaluation.monitor.Forgetting;

/**
 * Orders candidates, best first: those that reached the forget target within the retain budget,
 * then those that will at their pace, then the others. Among these, the smallest rise of the retain
 * loss wins, projected to the target by the share of the way that a candidate has gone.
 *
 * <p>A candidate that breaks the form of answers comes after all that keep it and may still reach
 * the target. It comes before the others: it forgets and keeps the retain rows. Of several such
 * candidates, the one with the fewest degenerate answers wins.
 *
 * @param rounds rounds of the whole unlearning
 * @param formTolerance by which the degenerate share of answers to forget rows may exceed that of
 *     unseen rows
 */
public record CandidateOrder(int rounds, double formTolerance)
    implements Comparator<CandidateResult> {
  /** What a candidate is worth, best first. */
  public enum Standing {
    REACHED("reached the target"),
    ON_ITS_WAY("on its way"),
    FORM_BROKEN("breaks the form of answers"),
    TOO_COSTLY("costs more than the retain budget"),
    OVER_FORGOTTEN("over-forgotten"),
    TOO_SLOW("too slow"),
    FAILED("failed");

    private final String words;

    Standing(String words) {
      this.words = words;
    }

    /** The standing as text. */
    public String words() {
      return words;
    }
  }

  @Override
  public int compare(CandidateResult a, CandidateResult b) {
    return Comparator.comparing(this::standing)
        .thenComparingDouble(this::price)
        .thenComparing(Comparator.comparingDouble(CandidateResult::progress).reversed())
        .thenComparing(result -> result.candidate().name())
        .compare(a, b);
  }

  /** Returns what a candidate is worth. */
  public Standing standing(CandidateResult result) {
    if (result.outcome().isEmpty()) {
      return Standing.FAILED;
    }
    CandidateResult.Reached reached = result.outcome().get();
    if (!reached.withinBudget()) {
      return Standing.TOO_COSTLY;
    }
    return switch (reached.forgetting()) {
      case LIKE_UNSEEN -> keepsForm(result) ? Standing.REACHED : Standing.FORM_BROKEN;
      case OVER_FORGOTTEN -> Standing.OVER_FORGOTTEN;
      case NOT_FORGOTTEN ->
          !isFastEnough(result)
              ? Standing.TOO_SLOW
              : keepsForm(result) ? Standing.ON_ITS_WAY : Standing.FORM_BROKEN;
    };
  }

  /** Whether the form of answers is kept, as far as it was read. */
  private boolean keepsForm(CandidateResult result) {
    return result.form().map(form -> form.excess() <= formTolerance).orElse(true);
  }

  private boolean isFastEnough(CandidateResult result) {
    return result.trained() <= result.progress() * rounds;
  }

  /** What is compared first within a standing: less is better. */
  private double price(CandidateResult result) {
    return switch (standing(result)) {
      case TOO_SLOW -> 0; // The fastest is best.
      case FORM_BROKEN -> result.form().orElseThrow().excess();
      case REACHED, ON_ITS_WAY, TOO_COSTLY, OVER_FORGOTTEN, FAILED -> projectedRise(result);
    };
  }

  private static double projectedRise(CandidateResult result) {
    double rise = Math.max(0, result.retainRise().orElse(Double.POSITIVE_INFINITY));
    boolean over =
        result.outcome().filter(o -> o.forgetting() == Forgetting.OVER_FORGOTTEN).isPresent();
    double progress = over ? 1 : result.progress();
    return progress == 0 ? Double.POSITIVE_INFINITY : rise / progress;
  }
}
