package org.lethe.evaluation.tuning;

import java.util.Comparator;
import org.lethe.evaluation.monitor.Forgetting;

/**
 * Orders candidates, best first: those that reached the forget target within the retain budget,
 * then those that will at their pace, then the others. Among these, the smallest rise of the retain
 * loss wins, projected to the target by the share of the way that a candidate has gone.
 *
 * @param rounds rounds of the whole unlearning
 */
public record CandidateOrder(int rounds) implements Comparator<CandidateResult> {
  /** What a candidate is worth, best first. */
  public enum Standing {
    REACHED("reached the target"),
    ON_ITS_WAY("on its way"),
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
      case LIKE_UNSEEN -> Standing.REACHED;
      case OVER_FORGOTTEN -> Standing.OVER_FORGOTTEN;
      case NOT_FORGOTTEN -> isFastEnough(result) ? Standing.ON_ITS_WAY : Standing.TOO_SLOW;
    };
  }

  private boolean isFastEnough(CandidateResult result) {
    return result.trained() <= result.progress() * rounds;
  }

  /** The rise that counts; none for slow candidates, of which the fastest is best. */
  private double price(CandidateResult result) {
    return standing(result) == Standing.TOO_SLOW ? 0 : projectedRise(result);
  }

  private static double projectedRise(CandidateResult result) {
    double rise = Math.max(0, result.retainRise().orElse(Double.POSITIVE_INFINITY));
    boolean over =
        result.outcome().filter(o -> o.forgetting() == Forgetting.OVER_FORGOTTEN).isPresent();
    double progress = over ? 1 : result.progress();
    return progress == 0 ? Double.POSITIVE_INFINITY : rise / progress;
  }
}
