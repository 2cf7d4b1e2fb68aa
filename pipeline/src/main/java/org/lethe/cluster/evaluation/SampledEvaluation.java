package org.lethe.cluster.evaluation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.EvaluationExample;
import org.lethe.evaluation.EvaluationPlan;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Evaluator;

/**
 * Evaluates a sample of the rows of an evaluation again, in this process. The sample consists of
 * whole batches of the evaluation's plan, because the batch of a row decides its last digits.
 *
 * @param planned number of rows of the whole evaluation
 * @param rows the evaluated rows of the sample
 */
public record SampledEvaluation(long planned, List<EvaluationRow> rows) {
  public SampledEvaluation {
    rows = List.copyOf(rows);
  }

  /**
   * Evaluates batches drawn by seed, each set in turn, until they have the requested number of
   * rows.
   */
  public static SampledEvaluation of(
      EvaluationRequest request, long rows, long seed, Configuration hadoop) {
    EvaluationPlan plan = new EvaluationTask(request, hadoop).plan();
    List<List<EvaluationExample>> batches = drawn(plan, rows, seed);
    List<EvaluationRow> found =
        batches.isEmpty()
            ? List.of()
            : request
                .model()
                .use(
                    hadoop,
                    model ->
                        new Evaluator(model, request.settings())
                            .evaluateBatches(batches, (stage, done, total) -> {}));
    return new SampledEvaluation(plan.rows(), found);
  }

  private static List<List<EvaluationExample>> drawn(EvaluationPlan plan, long rows, long seed) {
    List<List<EvaluationExample>> shuffled = new ArrayList<>(plan.batches());
    Collections.shuffle(shuffled, new Random(seed));
    Deque<Deque<List<EvaluationExample>>> bySet =
        shuffled.stream()
            .collect(
                Collectors.groupingBy(
                    batch -> batch.get(0).set(),
                    TreeMap::new,
                    Collectors.toCollection(ArrayDeque::new)))
            .values()
            .stream()
            .collect(Collectors.toCollection(ArrayDeque::new));
    List<List<EvaluationExample>> drawn = new ArrayList<>();
    long count = 0;
    while (count < rows && !bySet.isEmpty()) {
      Deque<List<EvaluationExample>> set = bySet.pop();
      List<EvaluationExample> batch = set.pop();
      drawn.add(batch);
      count += batch.size();
      if (!set.isEmpty()) {
        bySet.add(set);
      }
    }
    return drawn;
  }
}
