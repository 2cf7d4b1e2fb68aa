package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which rows are evaluated, and in which batches.
 *
 * <p>The plan is made from all rows, before they are divided over workers: a row's figures depend
 * in their last digits, and a greedy text at a near tie in whole words, on the rows that share its
 * batch. So any number of workers gives the same rows.
 *
 * @param batches examples of one set and of similar lengths, longest last; right and wrong letters
 *     of multiple choice stand together, since a question's letters share one forward pass
 */
public record EvaluationPlan(List<List<EvaluationExample>> batches) {

  /** Chooses rows and forms batches. The order of the examples does not matter. */
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
    for (List<EvaluationExample> chosen : together.values()) {
      chosen.sort(EvaluationExample.BY_LENGTH);
      for (int start = 0; start < chosen.size(); start += settings.batchSize()) {
        int end = Math.min(start + settings.batchSize(), chosen.size());
        batches.add(List.copyOf(chosen.subList(start, end)));
      }
    }
    return new EvaluationPlan(List.copyOf(batches));
  }

  private static String batchedWith(String set, EvaluationSettings settings) {
    String questions = MultipleChoice.questions(set);
    return settings.scoresOnly(set) && settings.scoresOnly(questions) ? questions : set;
  }

  /** Number of rows in all batches. */
  public long rows() {
    return batches.stream().mapToLong(List::size).sum();
  }

  /** The batches of one worker: every {@code workers}-th from its own index on. */
  public List<List<EvaluationExample>> share(int worker, int workers) {
    List<List<EvaluationExample>> share = new ArrayList<>();
    for (int i = worker; i < batches.size(); i += workers) {
      share.add(batches.get(i));
    }
    return share;
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
