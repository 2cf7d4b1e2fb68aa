package org.lethe.cluster.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lethe.objective.Alternatives;
import org.lethe.objective.ReferenceLosses;
import org.lethe.text.Example;

/**
 * Forget examples paired with their alternatives. An example with several alternatives appears once
 * per alternative, under a different id each time, so that batches visit all pairs equally.
 */
final class AnswerPairs implements Alternatives {
  private final List<Example> forget = new ArrayList<>();
  private final List<Example> others = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, String> rows = new HashMap<>();

  /**
   * Pairs examples by row id.
   *
   * @param examples examples of a worker's forget shard
   * @param alternatives alternatives to the same rows, in any order
   */
  AnswerPairs(List<Example> examples, List<Example> alternatives) {
    Map<String, List<Example>> byRow = new HashMap<>();
    alternatives.forEach(
        other -> byRow.computeIfAbsent(other.id(), id -> new ArrayList<>()).add(other));
    for (Example example : examples) {
      for (Example other : byRow.getOrDefault(example.id(), List.of())) {
        String id = example.id() + "#" + forget.size();
        numbers.put(id, forget.size());
        rows.put(id, example.id());
        forget.add(new Example(id, example.tokens(), example.promptTokens()));
        others.add(new Example(id, other.tokens(), other.promptTokens()));
      }
    }
  }

  /** Forget example of each pair. */
  List<Example> forget() {
    return List.copyOf(forget);
  }

  /** Alternative of each pair. */
  List<Example> alternatives() {
    return List.copyOf(others);
  }

  @Override
  public Example of(Example example) {
    Integer number = numbers.get(example.id());
    if (number == null) {
      throw new IllegalStateException("No alternative for row " + example.id());
    }
    return others.get(number);
  }

  /** Returns the id of the row that a pair's forget example stands for. */
  String row(Example pair) {
    return rows.get(pair.id());
  }

  /** Looks up reference losses by pair id in a table by row id. */
  ReferenceLosses byPair(ReferenceLosses byRow) {
    return id -> byRow.of(rows.get(id));
  }
}
