package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rows to evaluate, grouped into batches.
 *
 * <p>The plan covers all rows, before they are divided among workers. The batch of a row affects
 * the last digits of its figures, and whole words of a greedy text if two tokens nearly tie. With a
 * common plan, any number of workers gives the same rows.
 *
 * @param batches examples of one set and of similar lengths, longest last. The right and the wrong
 *     letters of multiple choice share batches, because the letters of a question share one forward
 *     pass. Sets without generated texts whose prompts begin alike are ordered by their tokens
 *     instead, because rows of a batch share the reading of a common beginning
 */
public record EvaluationPlan(List<List<EvaluationExample>> batches) {

  /** Chooses rows and forms batches. The result does not depend on the order of the examples. */
  public static EvaluationPlan of(List<EvaluationExample> examples, EvaluationSettings settings) {
    Map<String, List<EvaluationExample>> bySet =
        examples.stream()
            .collect(
                Collectors.groupingBy(EvaluationExample::set, TreeMap::new, Collectors.toList()));
    List<List<EvaluationExample>> batches = new ArrayList<>();
    Map<String, List<EvaluationExample>> together = new TreeMap<>();
    bySet.forEach(
        (set, members) ->
            together
                .computeIfAbsent(batchedWith(set, settings), key -> new ArrayList<>())
                .addAll(chosen(members, settings)));
    for (Map.Entry<String, List<EvaluationExample>> entry : together.entrySet()) {
      List<EvaluationExample> chosen = entry.getValue();
      chosen.sort(EvaluationExample.BY_LENGTH);
      if (settings.scoresOnly(entry.getKey()) && SharedScoring.isWorthwhile(chosen)) {
        chosen.sort(EvaluationExample.BY_TOKENS);
      }
      for (int start = 0; start < chosen.size(); start += settings.batchSize()) {
        int end = Math.min(start + settings.batchSize(), chosen.size());
        batches.add(List.copyOf(chosen.subList(start, end)));
      }
    }
    return new EvaluationPlan(List.copyOf(batches));
  }

  private static String batchedWith(String set, EvaluationSettings settings) {
    String questions = ChoiceSets.questions(set);
    return settings.scoresOnly(set) && settings.scoresOnly(questions) ? questions : set;
  }

  /** Number of rows in all batches. */
  public long rows() {
    return batches.stream().mapToLong(List::size).sum();
  }

  /**
   * Returns the batches of one worker: every {@code workers}-th batch, starting at the worker's
   * index.
   */
  public List<List<EvaluationExample>> batchesOf(int worker, int workers) {
    List<List<EvaluationExample>> chosen = new ArrayList<>();
    for (int i = worker; i < batches.size(); i += workers) {
      chosen.add(batches.get(i));
    }
    return chosen;
  }

  private static List<EvaluationExample> chosen(
      List<EvaluationExample> members, EvaluationSettings settings) {
    List<EvaluationExample> sorted = new ArrayList<>(members);
    sorted.sort(EvaluationExample.BY_LENGTH);
    if (sorted.size() > settings.rowLimit()) {
      Collections.shuffle(sorted, new Random(settings.seed()));
      return sorted.subList(0, settings.rowLimit());
    }
    return sorted;
  }
}
