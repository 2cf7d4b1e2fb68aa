package org.lethe.run;

import java.util.List;
import org.lethe.evaluation.EvaluationFigures;

/** The decisions of all gates of a run. */
public record GateReport(List<Gate.Outcome> outcomes) {
  public GateReport {
    outcomes = List.copyOf(outcomes);
  }

  /** Decides all gates. */
  public static GateReport of(List<Gate> gates, EvaluationFigures before, EvaluationFigures after) {
    return new GateReport(gates.stream().map(gate -> gate.decide(before, after)).toList());
  }

  /** Whether every gate holds; true if there are no gates. */
  public boolean passed() {
    return outcomes.stream().allMatch(Gate.Outcome::passed);
  }

  /** Reasons of refusal, one clause per gate. */
  public List<String> refusals() {
    return outcomes.stream().filter(o -> !o.passed()).map(Gate.Outcome::words).toList();
  }
}
