package org.lethe.audit;

import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.run.ErasureRecord.Interval;

/** The figures of a run in the form in which a record holds them. */
public final class RecordedFigures {
  private static final String BEFORE = "before.";
  private static final String AFTER = "after.";

  private RecordedFigures() {}

  /** Returns the interval and number of rows of every measured figure. */
  public static SortedMap<String, Interval> intervals(
      EvaluationFigures before, EvaluationFigures after) {
    SortedMap<String, Interval> intervals = new TreeMap<>();
    put(intervals, BEFORE, before);
    put(intervals, AFTER, after);
    return intervals;
  }

  private static void put(
      SortedMap<String, Interval> intervals, String prefix, EvaluationFigures figures) {
    figures
        .measured()
        .forEach(
            (name, figure) ->
                intervals.put(
                    prefix + name, new Interval(figure.low(), figure.high(), figure.count())));
  }

  /** Returns the reason of every figure without a value. */
  public static SortedMap<String, String> notMeasured(
      EvaluationFigures before, EvaluationFigures after) {
    SortedMap<String, String> reasons = new TreeMap<>();
    before.reasons().forEach((name, why) -> reasons.put(BEFORE + name, why));
    after.reasons().forEach((name, why) -> reasons.put(AFTER + name, why));
    return reasons;
  }
}
