package org.lethe.evaluation;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A published benchmark: how its figures follow from evaluation rows. {@link BenchmarkFigures} adds
 * confidence intervals; {@link TwoSided} reads the figures of three models beside each other.
 */
public sealed interface Benchmark
    permits TofuBenchmark, LumeBenchmark, MuseBenchmark, MultipleChoice, PlainText {
  /** Its name in commands and documents. */
  String name();

  /**
   * The questions of its groups, from rows of its sets; rows of other sets are left alone.
   *
   * @throws org.lethe.error.LetheException INPUT if a row lacks what its score needs
   */
  Samples samples(Collection<EvaluationRow> rows);

  /**
   * All figures that the samples allow.
   *
   * @param reference samples of a model that never saw the forget set, for figures that compare
   */
  SortedMap<String, Double> figures(Samples samples, Optional<Samples> reference);

  /** What a study plots and tunes by. */
  Headline headline();

  /** Which way a figure is to be read. */
  Side side(String figure);

  /**
   * The figures that sum a model up.
   *
   * @param forgetting those that should become what they are after retraining
   * @param utilities what should stay as it was, in order of preference
   */
  record Headline(List<String> forgetting, List<String> utilities) {
    public Headline {
      forgetting = List.copyOf(forgetting);
      utilities = List.copyOf(utilities);
    }

    /**
     * The first utility that the target has any of. A harmonic mean over many sets is 0 where a
     * small model fails one of them, and then tells models apart no more.
     */
    public String utility(Map<String, Figure> target) {
      return utilities.stream()
          .filter(name -> target.containsKey(name) && target.get(name).mean() > 0)
          .findFirst()
          .orElse(utilities.get(0));
    }
  }

  /** Which model a figure is measured against. */
  enum Side {
    /** Traces of the forget set: good is what the retrained model has. */
    FORGET,
    /** What is to stay: good is what the target has. */
    KEEP,
    /** Shown, and not judged. */
    NEITHER
  }
}
