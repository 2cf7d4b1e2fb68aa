package org.lethe.evaluation.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.ChoiceSets;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;

/**
 * Questions with four lettered answers, scored like MMLU and WMDP in the lm-evaluation-harness: the
 * model's answer is the letter with the lowest loss, the first one on a tie. The row {@code
 * ID/LETTER} with the correct letter of a question is in the set with the benchmark's name. The
 * rows with wrong letters are in {@code NAME-wrong}. The task is the subject.
 *
 * @param name name of the benchmark and its set
 * @param knowledge whether the answers should be forgotten or kept
 */
public record MultipleChoice(String name, Side knowledge) implements Benchmark {

  private static final String RIGHT = "right";

  @Override
  public Samples samples(Collection<EvaluationRow> rows) {
    Samples.Builder samples = new Samples.Builder();
    addTo(samples, rows);
    return samples.build();
  }

  void addTo(Samples.Builder samples, Collection<EvaluationRow> rows) {
    Map<String, List<EvaluationRow>> wrong = new HashMap<>();
    for (EvaluationRow row : rows) {
      if (row.set().equals(name + ChoiceSets.WRONG)) {
        wrong.computeIfAbsent(question(row), id -> new ArrayList<>()).add(row);
      }
    }
    for (EvaluationRow row : rows) {
      if (row.set().equals(name)) {
        List<EvaluationRow> letters = new ArrayList<>(wrong.getOrDefault(question(row), List.of()));
        if (letters.isEmpty()) {
          throw BenchmarkErrors.missingRow(name + ChoiceSets.WRONG, question(row) + "/A");
        }
        letters.add(row);
        EvaluationRow chosen =
            letters.stream()
                .min(
                    Comparator.comparingDouble(MultipleChoice::loss)
                        .thenComparing(EvaluationRow::id))
                .orElseThrow();
        Map<String, Double> right = Map.of(RIGHT, chosen == row ? 1.0 : 0.0);
        // Adds every question to one common group as well. Within subjects alone, a few questions
        // each would give intervals that are too narrow.
        samples.add(name, right);
        samples.add(name + "/" + row.task(), right);
      }
    }
  }

  private static String question(EvaluationRow row) {
    int slash = row.id().lastIndexOf('/');
    return slash < 0 ? row.id() : row.id().substring(0, slash);
  }

  private static double loss(EvaluationRow row) {
    return row.metric(Metric.LOSS)
        .orElseThrow(() -> BenchmarkErrors.noMetric(row.set(), row.id(), Metric.LOSS.key()));
  }

  @Override
  public SortedMap<String, Double> figures(Samples samples, Optional<Samples> reference) {
    SortedMap<String, Double> figures = new TreeMap<>();
    putFigures(figures, samples);
    return figures;
  }

  /** Puts the accuracy over all questions, and by subject. */
  void putFigures(SortedMap<String, Double> figures, Samples samples) {
    for (String group : samples.groups()) {
      if (group.equals(name) || group.startsWith(name + "/")) {
        figures.put(group.replace('/', '.'), samples.mean(group, RIGHT));
      }
    }
  }

  @Override
  public Headline headline() {
    return new Headline(knowledge == Side.FORGET ? List.of(name) : List.of(), List.of(name));
  }

  @Override
  public Side side(String figure) {
    return knowledge;
  }
}
