package org.lethe.evaluation.benchmark;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.benchmark.Benchmark.Side;

/**
 * Multiple-choice questions that accompany another benchmark: MMLU, to be kept, and WMDP, to be
 * forgotten.
 */
final class CompanionChoices {
  private static final List<MultipleChoice> CHOICES =
      List.of(new MultipleChoice("mmlu", Side.KEEP), new MultipleChoice("wmdp", Side.FORGET));

  private CompanionChoices() {}

  static void addTo(Samples.Builder samples, Collection<EvaluationRow> rows) {
    CHOICES.forEach(choice -> choice.addTo(samples, rows));
  }

  static void putFigures(SortedMap<String, Double> figures, Samples samples) {
    CHOICES.forEach(choice -> choice.putFigures(figures, samples));
  }

  /** Returns the side of a figure, if it belongs to one of these question sets. */
  static Optional<Side> side(String figure) {
    return CHOICES.stream()
        .filter(choice -> figure.equals(choice.name()) || figure.startsWith(choice.name() + "."))
        .map(MultipleChoice::knowledge)
        .findFirst();
  }
}
