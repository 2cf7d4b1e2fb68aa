package org.lethe.reveal.relevance;

import java.util.List;

/**
 * Log-probabilities of the facts of a response in nats: with the subject's name, and with each of
 * several other names in its place.
 *
 * @param subject log-probability of the facts about the subject
 * @param others log-probabilities of the same facts about each other name, at least one
 * @param facts number of facts
 */
public record FactScores(double subject, List<Double> others, int facts) {
  public FactScores {
    others = List.copyOf(others);
    if (others.isEmpty()) {
      throw new IllegalArgumentException("Invalid scores: no other name");
    }
  }

  /**
   * Returns the log-probability ratio: log p(facts | subject) minus the log of the mean over the
   * other names of p(facts | name), divided by the root of the number of facts. One name about
   * which the model states the facts as well lowers the ratio, however many others there are. The
   * root gives responses with few and with many unknown facts the same spread.
   */
  public double ratio() {
    double most = others.stream().mapToDouble(value -> value).max().orElseThrow();
    double mean =
        others.stream().mapToDouble(value -> Math.exp(value - most)).average().orElseThrow();
    return (subject - most - Math.log(mean)) / Math.sqrt(Math.max(1, facts));
  }
}
