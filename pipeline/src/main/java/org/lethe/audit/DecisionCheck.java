package org.lethe.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import org.lethe.error.EvidenceErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.run.Accountability;
import org.lethe.run.Accountability.Means;
import org.lethe.run.Baseline;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.Gate;
import org.lethe.run.GateReport;
import org.lethe.run.Soundness;

/** Decides the gates of a record again, from the figures and the recorded configuration. */
final class DecisionCheck {
  private static final String RECORD = "record.json";
  private static final String GATES = "lethe.gates.";
  private static final String COLLAPSE = "lethe.release.collapse-limit";

  private DecisionCheck() {}

  /** Fails if a figure, an interval, a gate or the decision is not what follows. */
  static void run(ErasureRecord record, EvaluationFigures before, EvaluationFigures after) {
    Difference.requireMaps(RECORD, "before", record.before(), before.means());
    Difference.requireMaps(RECORD, "after", record.after(), after.means());
    Difference.requireMaps(
        RECORD, "not_measured", record.notMeasured(), RecordedFigures.notMeasured(before, after));
    Difference.requireMaps(
        RECORD,
        "evidence.intervals",
        record.evidence().intervals(),
        RecordedFigures.intervals(before, after));
    extraction(record, before, after);
    configured(record);
    List<Gate> gates = new ArrayList<>();
    record.gates().forEach(outcome -> gates.add(gate(outcome)));
    GateReport decided = GateReport.of(gates, before, after);
    for (int i = 0; i < gates.size(); i++) {
      Gate.Outcome recorded = record.gates().get(i);
      Difference.require(RECORD, "gates." + recorded.figure(), recorded, decided.outcomes().get(i));
    }
    Decision decision =
        decided.passed()
                && new Soundness(limit(record)).collapse(before, after).isEmpty()
                && Baseline.of(before).stream().allMatch(Baseline::isKnown)
            ? Decision.RELEASED
            : Decision.REFUSED;
    Difference.require(RECORD, "decision", record.decision(), decision);
  }

  /** Records of versions without accountability name no means. */
  private static void extraction(
      ErasureRecord record, EvaluationFigures before, EvaluationFigures after) {
    if (record.accountability().equals(Accountability.NONE)) {
      return;
    }
    SortedMap<String, Means> recorded = new TreeMap<>();
    record.accountability().extraction().forEach(means -> recorded.put(means.figure(), means));
    SortedMap<String, Means> found = new TreeMap<>();
    RecordedExtraction.of(before, after).forEach(means -> found.put(means.figure(), means));
    Difference.requireMaps(RECORD, "accountability.extraction", recorded, found);
    Difference.require(
        RECORD,
        "accountability.legal_basis",
        record.accountability().legalBasis(),
        record.configuration().getOrDefault("lethe.legal-basis", "").strip());
    Difference.require(
        RECORD,
        "accountability.request_reference",
        record.accountability().requestReference(),
        record.configuration().getOrDefault("lethe.request-reference", "").strip());
    Difference.require(
        RECORD,
        "accountability.likelihood_of_extraction",
        record.accountability().likelihoodOfExtraction(),
        Accountability.LIKELIHOOD);
  }

  /** The gates are those of the configuration. */
  private static void configured(ErasureRecord record) {
    SortedMap<String, Double> wanted = new TreeMap<>();
    record
        .configuration()
        .forEach(
            (key, value) -> {
              if (key.startsWith(GATES)) {
                wanted.put(key.substring(GATES.length()).replace("\"", ""), number(key, value));
              }
            });
    SortedMap<String, Double> found = new TreeMap<>();
    record.gates().forEach(gate -> found.put(gate.figure() + "." + gate.kind(), gate.limit()));
    Difference.requireMaps(RECORD, "gates", found, wanted);
  }

  private static Gate gate(Gate.Outcome outcome) {
    DoubleFunction<Gate.Bound> bound = Gate.BOUNDS.get(outcome.kind());
    if (bound == null) {
      throw EvidenceErrors.differs(
          RECORD,
          "gates." + outcome.figure() + ".kind",
          Gate.BOUNDS.keySet().toString(),
          outcome.kind());
    }
    return new Gate(outcome.figure(), bound.apply(outcome.limit()));
  }

  private static double limit(ErasureRecord record) {
    return number(COLLAPSE, record.configuration().getOrDefault(COLLAPSE, ""));
  }

  private static double number(String key, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw EvidenceErrors.differs(RECORD, "configuration." + key, "a number", value);
    }
  }
}
