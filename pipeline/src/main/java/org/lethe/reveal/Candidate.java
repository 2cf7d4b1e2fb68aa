package org.lethe.reveal;

import java.util.OptionalDouble;

/**
 * A response and what oracles said of it.
 *
 * @param relevance from 0 to 1
 * @param contrast mean log-probability less its mean over substitute names, where it was measured
 */
public record Candidate(Response response, double relevance, OptionalDouble contrast) {
  public Candidate {
    if (!(relevance >= 0 && relevance <= 1)) {
      throw new IllegalArgumentException(
          "Invalid relevance: " + relevance + " of " + response.id() + ", expected 0 to 1");
    }
  }
}
