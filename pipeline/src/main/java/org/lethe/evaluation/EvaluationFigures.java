package org.lethe.evaluation;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Figures of a model by dotted name, such as {@code forget.rouge-l-recall}. Each is measured, or
 * not measured with a reason.
 *
 * @param measured figures with a value
 * @param notMeasured figures without one
 */
public record EvaluationFigures(
    SortedMap<String, Figure> measured, SortedMap<String, NotMeasured> notMeasured) {

  /** The figures of a model that has not been evaluated. */
  public static final EvaluationFigures NONE =
      new EvaluationFigures(new TreeMap<>(), new TreeMap<>());

  public EvaluationFigures {
    measured = Collections.unmodifiableSortedMap(new TreeMap<>(measured));
    notMeasured = Collections.unmodifiableSortedMap(new TreeMap<>(notMeasured));
    for (String name : notMeasured.keySet()) {
      if (measured.containsKey(name)) {
        throw new IllegalArgumentException("Invalid figure: " + name + " is in both states");
      }
    }
  }

  /** Returns figures that are all measured. */
  public static EvaluationFigures of(Map<String, Figure> measured) {
    return new EvaluationFigures(new TreeMap<>(measured), new TreeMap<>());
  }

  /** These figures and others of the same model, with other names. */
  public EvaluationFigures and(EvaluationFigures others) {
    SortedMap<String, Figure> all = new TreeMap<>(measured);
    all.putAll(others.measured);
    SortedMap<String, NotMeasured> none = new TreeMap<>(notMeasured);
    none.putAll(others.notMeasured);
    return new EvaluationFigures(all, none);
  }

  /**
   * Returns the figures of one task of the forget sets, as if its rows were all of them. Figures of
   * retain sets stay as they are.
   */
  public EvaluationFigures ofForgetTask(String task) {
    return new EvaluationFigures(ofForgetTask(measured, task), ofForgetTask(notMeasured, task));
  }

  private static <T> SortedMap<String, T> ofForgetTask(SortedMap<String, T> figures, String task) {
    SortedMap<String, T> chosen = new TreeMap<>();
    figures.forEach(
        (name, figure) -> {
          int first = name.indexOf('.');
          int last = name.lastIndexOf('.');
          if (first < 0 || !name.substring(0, first).endsWith("forget")) {
            chosen.put(name, figure);
          } else if (last > first && name.substring(first + 1, last).equals(task)) {
            chosen.put(name.substring(0, first) + name.substring(last), figure);
          }
        });
    return chosen;
  }

  /** Returns the mean of a figure, if it was measured. */
  public Optional<Double> mean(String name) {
    return Optional.ofNullable(measured.get(name)).map(Figure::mean);
  }

  /** Returns why a figure has no value; for an unknown name, that there is none. */
  public String reason(String name) {
    NotMeasured known = notMeasured.get(name);
    return known == null ? "the evaluation has no such figure" : known.words();
  }

  /** The means of all measured figures. */
  public SortedMap<String, Double> means() {
    SortedMap<String, Double> means = new TreeMap<>();
    measured.forEach((name, figure) -> means.put(name, figure.mean()));
    return means;
  }

  /** The reasons of all figures without a value, as text. */
  public SortedMap<String, String> reasons() {
    SortedMap<String, String> reasons = new TreeMap<>();
    notMeasured.forEach((name, why) -> reasons.put(name, why.words()));
    return reasons;
  }
}
