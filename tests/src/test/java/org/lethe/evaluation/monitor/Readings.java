package org.lethe.evaluation.monitor;

import org.lethe.evaluation.Figure;

/** Readings with chosen figures, for tests. Unseen rows have a probability of 0.2 to 0.4. */
final class Readings {
  static final SetReading UNSEEN = set(new Figure(0.3, 0.2, 0.4, 8), 1);

  private Readings() {}

  static MonitorHistory history(MonitorReading... later) {
    MonitorHistory history = MonitorHistory.of(of(0, 1, 0.01), decision(0, 1, 1, 0.01));
    for (MonitorReading reading : later) {
      history = history.and(reading);
    }
    return history;
  }

  /** A reading after a round. */
  static MonitorReading of(int round, double forget, double retainLoss) {
    return reading(round, 1, MonitorSample.ROUND, forget, retainLoss, 0, 0);
  }

  /** A reading on the decision sample. */
  static MonitorReading decision(int round, double position, double forget, double retainLoss) {
    return reading(round, position, MonitorSample.DECISION, forget, retainLoss, 0, 0);
  }

  static MonitorReading moved(int round, double divergence, double closed) {
    return reading(round, 1, MonitorSample.ROUND, 1, 0.01, divergence, closed);
  }

  private static MonitorReading reading(
      int round,
      double position,
      MonitorSample sample,
      double forget,
      double retainLoss,
      double divergence,
      double closed) {
    return new MonitorReading(
        round,
        position,
        sample,
        set(exactly(forget), 1),
        set(exactly(1), retainLoss),
        UNSEEN,
        exactly(divergence),
        new MarginReading(0, closed, 10));
  }

  private static SetReading set(Figure probability, double loss) {
    return new SetReading(probability, probability, probability, exactly(loss));
  }

  private static Figure exactly(double value) {
    return new Figure(value, value, value, 8);
  }
}
