package org.lethe.cluster.tuning;

import java.io.Serializable;
import java.util.Locale;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.evaluation.tuning.Candidate;

/**
 * A candidate to train.
 *
 * @param candidate what is tried
 * @param settings the whole training, with the rounds of the candidate's rung
 * @param judged what is read of the point that it reaches
 */
public record CandidateWork(Candidate candidate, TrainingSettings settings, Judged judged)
    implements Serializable {
  /** What is read of the point that a candidate reaches. */
  public enum Judged {
    /** Figures under teacher forcing. */
    FIGURES(""),
    /** The form of generated answers as well. */
    FIGURES_AND_FORM("-form");

    private final String suffix;

    Judged(String suffix) {
      this.suffix = suffix;
    }
  }

  /** Name of the result's file. */
  public String file() {
    return candidate.name()
        + String.format(Locale.ROOT, "-rounds%d%s.json", settings.rounds(), judged.suffix);
  }
}
