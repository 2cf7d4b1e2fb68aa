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
 */
public record CandidateWork(Candidate candidate, TrainingSettings settings)
    implements Serializable {
  /** Name of the result's file. */
  public String file() {
    return candidate.name() + String.format(Locale.ROOT, "-rounds%d.json", settings.rounds());
  }
}
