package org.lethe.evaluation;

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

/**
 * Questions with four lettered answers, as MMLU and WMDP are scored in the lm-evaluation-harness:
 * the letter of the lowest loss is the answer, the first of equal ones. The right letter of a
 * question stands in the set of the benchmark's name as {@code ID/LETTER}, the wrong ones in {@code
 * NAME-wrong}; the task is the subject.
 *
 * @param name of the benchmark and its set
 * @param knowledge whether knowing the answers is to be forgotten or to be kept
 */
public record MultipleChoice(String name, Side knowledge) implements Benchmark {
  /** What is appended to the name for wrong answers. */
  public static final String WRONG = "-wrong";

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
      if (row.set().equals(name + WRONG)) {
        wrong.computeIfAbsent(question(row), id -> new ArrayList<>()).add(row);
      }
    }
    for (EvaluationRow row : rows) {
      if (row.set().equals(name)) {
        List<EvaluationRow> letters = new ArrayList<>(wrong.getOrDefault(question(row), List.of()));
        if (letters.isEmpty()) {
          throw BenchmarkErrors.missingRow(name + WRONG, question(row) + "/A");
        }
        letters.add(row);
        EvaluationRow chosen =
            letters.stream()
                .min(
                    Comparator.comparingDouble(MultipleChoice::loss)
                        .thenComparing(EvaluationRow::id))
                .orElseThrow();
        Map<String, Double> right = Map.of(RIGHT, chosen == row ? 1.0 : 0.0);
        // All together as well: drawn within subjects alone, few questions of each would look
        // certain.
        samples.add(name, right);
        samples.add(name + "/" + row.task(), right);
      }
    }
  }

  /** The set of right letters that a set of wrong ones belongs to; any other set itself. */
  static String questions(String set) {
    return set.endsWith(WRONG) ? set.substring(0, set.length() - WRONG.length()) : set;
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

  /** Accuracy over all questions, and by subject. */
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
