package org.lethe.reveal;

import java.util.Optional;

/**
 * A response with the judgement of its oracle.
 *
 * @param relevance from 0 to 1
 * @param scores scores of its facts about the subject and about other names, if measured
 */
public record Candidate(Response response, double relevance, Optional<FactScores> scores) {
  public Candidate {
    if (!(relevance >= 0 && relevance <= 1)) {
      throw new IllegalArgumentException(
          "Invalid relevance: " + relevance + " of " + response.id() + ", expected 0 to 1");
    }
  }

  /** Returns the same response with another relevance. */
  public Candidate withRelevance(double other) {
    return new Candidate(response, other, scores);
  }

  /** Returns the same response and relevance with scores. */
  public Candidate withScores(Optional<FactScores> other) {
    return new Candidate(response, relevance, other);
  }
}
