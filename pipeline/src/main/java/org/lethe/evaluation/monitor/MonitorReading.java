package org.lethe.evaluation.monitor;

import org.lethe.evaluation.Figure;

/**
 * One line of metrics/monitor.jsonl: what a monitor read at one point of an unlearning. Holds no
 * text and no time, so a resumed run writes the same line.
 *
 * @param round completed rounds; 0 is the initial model
 * @param position place on the line from an earlier checkpoint to this round's end, above 0; 1 is
 *     the round's end itself
 * @param sample the rows
 * @param forget forget rows
 * @param retain retain rows
 * @param unseen rows that the model never saw
 * @param divergence KL divergence from the initial model's next-token distributions to this
 *     model's, in nats per token, mean over rows; see {@code cluster.monitor}
 * @param margin logit gaps of the forget rows
 */
public record MonitorReading(
    int round,
    double position,
    MonitorSample sample,
    SetReading forget,
    SetReading retain,
    SetReading unseen,
    Figure divergence,
    MarginReading margin) {
  public MonitorReading {
    if (round < 0 || !(position > 0 && position <= 1)) {
      throw new IllegalArgumentException(
          "Invalid reading: round " + round + ", position " + position);
    }
  }

  /** Whether the reading is of the end of a round, and not of a point on a line. */
  public boolean endsRound() {
    return position == 1;
  }
}
