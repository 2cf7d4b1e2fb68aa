package org.lethe.evaluation.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;

/**
 * LUME, and SemEval-2025 Task 4, which is a part of it. Computes {@link SemEvalScores} and every
 * figure that other rows allow. Sets: forget and retain; member and nonmember, whole documents for
 * the membership score; mmlu and mmlu-wrong, see {@link MultipleChoice}.
 *
 * @param name lume or semeval
 */
public record LumeBenchmark(String name) implements Benchmark {
  /** Documents of the forget set, for the membership score. */
  public static final String MEMBER = "member";

  /** Documents that no model saw. */
  public static final String NONMEMBER = "nonmember";

  private static final String SCORE = "score";
  private static final List<String> SETS = List.of("forget", "retain");

  @Override
  public Samples samples(Collection<EvaluationRow> rows) {
    Samples.Builder samples = new Samples.Builder();
    for (EvaluationRow row : rows) {
      if (SETS.contains(row.set())) {
        SemEvalScores.Kind kind = SemEvalScores.kind(row.id());
        samples.add(
            row.set() + "/" + row.task() + "/" + kind.key(), Map.of(SCORE, kind.score(row)));
        samples.add(row.set(), RowQuantities.of(row));
      } else if (row.set().equals(MEMBER) || row.set().equals(NONMEMBER)) {
        if (row.metric(Metric.LOSS).isEmpty()) {
          throw BenchmarkErrors.noMetric(row.set(), row.id(), Metric.LOSS.key());
        }
        samples.add(row.set(), RowQuantities.of(row));
      }
    }
    CompanionChoices.addTo(samples, rows);
    return samples.build();
  }

  @Override
  public SortedMap<String, Double> figures(Samples samples, Optional<Samples> reference) {
    SortedMap<String, Double> figures = new TreeMap<>();
    SortedMap<String, Double> terms = new TreeMap<>();
    Map<String, List<Double>> kinds = new TreeMap<>();
    for (String group : samples.groups()) {
      String[] parts = group.split("/", -1);
      if (parts.length >= 3) {
        double mean = samples.mean(group, SCORE);
        terms.put(group.replace('/', '.'), mean);
        String kind = parts[0] + "." + parts[parts.length - 1];
        kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(mean);
      }
    }
    figures.putAll(terms);
    // Averages over tasks, so that each task has the same weight, as in the aggregate.
    kinds.forEach((kind, means) -> figures.put(kind, mean(means)));
    putOverall(figures, samples);
    Optional<Double> aggregate = aggregate(terms);
    aggregate.ifPresent(value -> figures.put("task-aggregate", value));
    List<Double> kept = kinds(kinds, "retain.");
    if (!kept.isEmpty()) {
      figures.put("retain-utility", mean(kept));
    }
    SETS.forEach(set -> RowQuantities.putMeans(figures, samples, set));
    Optional<Double> membership = membership(samples);
    membership.ifPresent(score -> figures.put("membership.score", score));
    RowQuantities.putMembership(figures, samples, reference, MEMBER, NONMEMBER);
    CompanionChoices.putFigures(figures, samples);
    if (aggregate.isPresent() && membership.isPresent() && figures.containsKey("mmlu")) {
      figures.put(
          "final-score",
          SemEvalScores.finalScore(aggregate.get(), membership.get(), figures.get("mmlu")));
    }
    return figures;
  }

  /**
   * Puts the organisers' overall scores: means over all rows of a kind, whatever their task. Tasks
   * have different numbers of rows, so these differ from the task means above.
   */
  private static void putOverall(SortedMap<String, Double> figures, Samples samples) {
    SortedMap<String, List<Double>> rows = new TreeMap<>();
    for (String group : samples.groups()) {
      String[] parts = group.split("/", -1);
      if (parts.length >= 3) {
        List<Double> scores =
            rows.computeIfAbsent(
                parts[0] + ".overall-" + parts[parts.length - 1] + "-score",
                name -> new ArrayList<>());
        Arrays.stream(samples.of(group, SCORE)).forEach(scores::add);
      }
    }
    rows.forEach((name, scores) -> figures.put(name, mean(scores)));
  }

  private static Optional<Double> aggregate(SortedMap<String, Double> terms) {
    boolean both =
        SETS.stream().allMatch(set -> terms.keySet().stream().anyMatch(t -> t.startsWith(set)));
    return both ? Optional.of(SemEvalScores.aggregate(terms)) : Optional.empty();
  }

  private static Optional<Double> membership(Samples samples) {
    String loss = Metric.LOSS.key();
    return samples.has(MEMBER, loss) && samples.has(NONMEMBER, loss)
        ? Optional.of(
            SemEvalScores.membershipScore(samples.of(MEMBER, loss), samples.of(NONMEMBER, loss)))
        : Optional.empty();
  }

  private static List<Double> kinds(Map<String, List<Double>> kinds, String prefix) {
    List<Double> means = new ArrayList<>();
    kinds.forEach(
        (kind, values) -> {
          if (kind.startsWith(prefix)) {
            means.add(mean(values));
          }
        });
    return means;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Override
  public Headline headline() {
    return new Headline(
        List.of("forget.probability", "forget.regurgitation", "forget.knowledge"),
        List.of("retain-utility"));
  }

  @Override
  public Side side(String figure) {
    if (figure.endsWith("blank") || figure.endsWith("repetition")) {
      return Side.NEITHER;
    }
    if (List.of("task-aggregate", "final-score", "membership.score").contains(figure)) {
      return Side.NEITHER;
    }
    boolean forgotten = figure.startsWith("forget.") || figure.startsWith("membership.");
    return CompanionChoices.side(figure).orElse(forgotten ? Side.FORGET : Side.KEEP);
  }
}
