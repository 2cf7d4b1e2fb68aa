package org.lethe.evaluation.monitor;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Metric;

/**
 * Figures of the sampled rows of one set under teacher forcing, each a mean over rows with its 95 %
 * interval. Definitions are those of {@link Metric}.
 *
 * @param probability mean probability of the answers
 * @param exactMemorisation mean share of positions whose first choice is the answer's token
 * @param extractionStrength mean extraction strength
 * @param loss mean loss in nats per token
 */
public record SetReading(
    Figure probability,
    @JsonProperty("exact_memorisation") Figure exactMemorisation,
    @JsonProperty("extraction_strength") Figure extractionStrength,
    Figure loss) {

  /**
   * Returns the figure of a metric.
   *
   * @throws IllegalArgumentException if a monitor does not read the metric
   */
  public Figure figure(Metric metric) {
    return switch (metric) {
      case PROBABILITY -> probability;
      case EXACT_MEMORISATION -> exactMemorisation;
      case EXTRACTION_STRENGTH -> extractionStrength;
      case LOSS -> loss;
      default ->
          throw new IllegalArgumentException("Invalid metric: " + metric + ", not in a reading");
    };
  }
}
