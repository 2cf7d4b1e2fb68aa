package org.lethe.run;

import java.util.List;
import java.util.Map;

/** All gates of a run, decided. */
public record GateReport(List<Gate.Outcome> outcomes) {
  public GateReport {
    outcomes = List.copyOf(outcomes);
  }

  /** Decides on all gates. */
  public static GateReport of(
      List<Gate> gates, Map<String, Double> before, Map<String, Double> after) {
    return new GateReport(gates.stream().map(gate -> gate.decide(before, after)).toList());
  }

  /** Whether every gate holds. Without gates that is so. */
  public boolean passed() {
    return outcomes.stream().allMatch(Gate.Outcome::passed);
  }

  /** Why it was refused, one clause per gate. */
  public List<String> refusals() {
    return outcomes.stream().filter(o -> !o.passed()).map(Gate.Outcome::words).toList();
  }
}
