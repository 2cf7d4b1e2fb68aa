package org.lethe.reveal;

import java.util.OptionalDouble;

/**
 * A response with the judgement of its oracle.
 *
 * @param relevance from 0 to 1
 * @param contrast mean log-probability minus its mean over substitute names, if measured
 */
public record Candidate(Response response, double relevance, OptionalDouble contrast) {
  public Candidate {
    if (!(relevance >= 0 && relevance <= 1)) {
      throw new IllegalArgumentException(
          "Invalid relevance: " + relevance + " of " + response.id() + ", expected 0 to 1");
    }
  }
}
