package org.lethe.reveal;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Log-probabilities of the tokens of a response that carry its facts, in nats: with the subject's
 * name, and with each of several other names in its place.
 *
 * @param subject log-probability of the facts about the subject
 * @param others log-probabilities of the same facts about each other name
 */
public record FactScores(double subject, List<Double> others) {
  public FactScores {
    others = List.copyOf(others);
  }

  /**
   * Returns the log-probability ratio of the facts: log p(facts | subject) minus the log of the
   * mean over the other names of p(facts | name). One name about which the model states the facts
   * as well lowers it, however many others there are.
   */
  public double ratio() {
    return ratio(subject, others);
  }

  /**
   * Returns what the same facts score about each other name, against the remaining names. Empty if
   * there are fewer than two.
   */
  public List<Double> nullRatios() {
    if (others.size() < 2) {
      return List.of();
    }
    return IntStream.range(0, others.size())
        .mapToObj(i -> ratio(others.get(i), without(i)))
        .toList();
  }

  private List<Double> without(int index) {
    return IntStream.range(0, others.size()).filter(i -> i != index).mapToObj(others::get).toList();
  }

  private static double ratio(double one, List<Double> rest) {
    double most = rest.stream().mapToDouble(value -> value).max().orElse(one);
    double mean = rest.stream().mapToDouble(value -> Math.exp(value - most)).average().orElse(1);
    return one - most - Math.log(mean);
  }
}
