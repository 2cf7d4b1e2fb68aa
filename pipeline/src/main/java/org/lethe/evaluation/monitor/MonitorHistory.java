package org.lethe.evaluation.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All readings of a run so far. Part of the state that a resumed run begins with.
 *
 * @param readings in the order taken; the first two are of the initial model, one on each sample
 */
public record MonitorHistory(List<MonitorReading> readings) {
  public MonitorHistory {
    readings = List.copyOf(readings);
    if (readings.size() < 2
        || readings.get(0).round() != 0
        || readings.get(0).sample() != MonitorSample.ROUND
        || readings.get(1).round() != 0
        || readings.get(1).sample() != MonitorSample.DECISION) {
      throw new IllegalArgumentException("Invalid history: the initial model has no readings");
    }
  }

  /** The history of a run before its first round: the initial model on each sample. */
  public static MonitorHistory of(MonitorReading round, MonitorReading decision) {
    return new MonitorHistory(List.of(round, decision));
  }

  /** The initial model on a sample. */
  public MonitorReading initial(MonitorSample sample) {
    return readings.get(sample.ordinal());
  }

  /** Unseen rows before unlearning: the level that counts as forgotten. */
  public SetReading unseen() {
    return initial(MonitorSample.DECISION).unseen();
  }

  /** Readings after each round on the small sample, from round 1. */
  public List<MonitorReading> rounds() {
    return readings.stream()
        .filter(r -> r.round() > 0 && r.endsRound() && r.sample() == MonitorSample.ROUND)
        .toList();
  }

  /** The reading of the last round on the small sample; of the initial model before round 1. */
  public MonitorReading last() {
    List<MonitorReading> rounds = rounds();
    return rounds.isEmpty() ? initial(MonitorSample.ROUND) : rounds.get(rounds.size() - 1);
  }

  /** The reading of a round's end on the decision sample, if one was taken. */
  public Optional<MonitorReading> decision(int round) {
    return readings.stream()
        .filter(r -> r.round() == round && r.endsRound() && r.sample() == MonitorSample.DECISION)
        .findFirst();
  }

  /** This history with one more reading. */
  public MonitorHistory and(MonitorReading reading) {
    List<MonitorReading> more = new ArrayList<>(readings);
    more.add(reading);
    return new MonitorHistory(more);
  }
}
