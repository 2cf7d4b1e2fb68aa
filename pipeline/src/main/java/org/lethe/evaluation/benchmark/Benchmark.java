package org.lethe.evaluation.benchmark;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Figure;

/**
 * A published benchmark: computes its figures from evaluation rows. {@link BenchmarkFigures} adds
 * confidence intervals; {@link TwoSided} compares the figures of three models.
 */
public interface Benchmark {
  /** Name in commands and documents. */
  String name();

  /**
   * Groups the benchmark's questions, from rows of its sets. Ignores rows of other sets.
   *
   * @throws org.lethe.error.LetheException INPUT if a row lacks a value that its score needs
   */
  Samples samples(Collection<EvaluationRow> rows);

  /**
   * Returns all figures that the samples allow.
   *
   * @param reference samples of a model that never saw the forget set, for figures that compare
   */
  SortedMap<String, Double> figures(Samples samples, Optional<Samples> reference);

  /** Figures that a study plots and tunes by. */
  Headline headline();

  /** Returns the model against which a figure is judged. */
  Side side(String figure);

  /**
   * The figures that summarise a model.
   *
   * @param forgetting figures that should match the retrained model
   * @param utilities figures that should stay unchanged, in order of preference
   */
  record Headline(List<String> forgetting, List<String> utilities) {
    public Headline {
      forgetting = List.copyOf(forgetting);
      utilities = List.copyOf(utilities);
    }

    /**
     * Returns the first utility that is above 0 for the target. A harmonic mean over many sets is 0
     * if a small model fails one of them, and then no longer distinguishes models.
     */
    public String utility(Map<String, Figure> target) {
      return utilities.stream()
          .filter(name -> target.containsKey(name) && target.get(name).mean() > 0)
          .findFirst()
          .orElse(utilities.get(0));
    }
  }

  /** The model against which a figure is judged. */
  enum Side {
    /** Traces of the forget set; the retrained model has the ideal value. */
    FORGET,
    /** Knowledge to keep; the target has the ideal value. */
    KEEP,
    /** Shown, but not judged. */
    NEITHER
  }
}
