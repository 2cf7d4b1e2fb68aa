package org.lethe.evaluation.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The data from which a benchmark's figures follow: for each group of questions (a set, or a task
 * within one) some quantities, each with one value per question.
 *
 * <p>A confidence interval resamples questions, not rows: the paraphrases and wrong answers of a
 * question stay with it.
 */
public final class Samples {
  private final SortedMap<String, SortedMap<String, double[]>> groups;

  private Samples(SortedMap<String, SortedMap<String, double[]>> groups) {
    this.groups = groups;
  }

  /** Collects questions. */
  public static final class Builder {
    private final SortedMap<String, List<Map<String, Double>>> groups = new TreeMap<>();

    /** Adds a question with its quantities to a group. */
    public Builder add(String group, Map<String, Double> quantities) {
      groups.computeIfAbsent(group, g -> new ArrayList<>()).add(Map.copyOf(quantities));
      return this;
    }

    /** Builds the samples. Drops a quantity of a group if some question of the group lacks it. */
    public Samples build() {
      SortedMap<String, SortedMap<String, double[]>> built = new TreeMap<>();
      groups.forEach((group, questions) -> built.put(group, columns(questions)));
      return new Samples(built);
    }

    private static SortedMap<String, double[]> columns(List<Map<String, Double>> questions) {
      Set<String> names = new LinkedHashSet<>(questions.get(0).keySet());
      questions.forEach(question -> names.retainAll(question.keySet()));
      SortedMap<String, double[]> columns = new TreeMap<>();
      for (String name : names) {
        columns.put(name, questions.stream().mapToDouble(q -> q.get(name)).toArray());
      }
      return columns;
    }
  }

  /** The names of the groups. */
  public Set<String> groups() {
    return groups.keySet();
  }

  /** The names of a group's quantities; empty if the group does not exist. */
  public Collection<String> quantities(String group) {
    return groups.containsKey(group) ? groups.get(group).keySet() : List.of();
  }

  /** Whether the group exists and each of its questions has the quantity. */
  public boolean has(String group, String quantity) {
    return groups.containsKey(group) && groups.get(group).containsKey(quantity);
  }

  /** Returns the values of a quantity, one per question, in the order of addition. */
  public double[] of(String group, String quantity) {
    if (!has(group, quantity)) {
      throw new IllegalArgumentException("Invalid quantity: " + group + "." + quantity);
    }
    return groups.get(group).get(quantity);
  }

  /** Returns the mean of a quantity. */
  public double mean(String group, String quantity) {
    return Arrays.stream(of(group, quantity)).average().orElseThrow();
  }

  /** Number of questions in the group; 0 if it does not exist. */
  public int count(String group) {
    return groups.containsKey(group)
        ? groups.get(group).values().stream().mapToInt(values -> values.length).max().orElse(0)
        : 0;
  }

  /** Draws as many questions from each group as it has, with replacement. */
  Samples resampled(SplittableRandom random) {
    SortedMap<String, SortedMap<String, double[]>> drawn = new TreeMap<>();
    groups.forEach(
        (group, columns) -> {
          int count = count(group);
          int[] choice = new int[count];
          for (int i = 0; i < count; i++) {
            choice[i] = random.nextInt(count);
          }
          SortedMap<String, double[]> chosen = new TreeMap<>();
          columns.forEach(
              (name, values) ->
                  chosen.put(name, Arrays.stream(choice).mapToDouble(i -> values[i]).toArray()));
          drawn.put(group, chosen);
        });
    return new Samples(drawn);
  }
}
