package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.EvaluationRows;
import org.lethe.corpus.input.ShardRow;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.AnswerModel;
import org.lethe.evaluation.EvaluationExample;
import org.lethe.evaluation.EvaluationPlan;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Evaluator;

/** One worker's part of an evaluation, without Spark. */
final class EvaluationTask {
  private final EvaluationRequest request;
  private final Configuration hadoop;

  EvaluationTask(EvaluationRequest request, Configuration hadoop) {
    this.request = request;
    this.hadoop = hadoop;
  }

  /**
   * A worker's report to the driver. Rows travel through files, so that Spark sees no text.
   *
   * @param rows rows evaluated
   * @param failure exit class of the failure, or SUCCESS
   * @param message cause of the failure, or empty
   */
  record Report(long rows, ExitClass failure, String message) implements Serializable {
    /**
     * Throws the worker's failure, if any. Workers themselves do not throw, because a retry would
     * fail again.
     */
    Report orThrow() {
      if (failure != ExitClass.SUCCESS) {
        throw new LetheException(failure, message);
      }
      return this;
    }
  }

  /** File of a worker's rows. */
  static Path part(EvaluationRequest request, int worker) {
    return new Path(parts(request), String.format(Locale.ROOT, "part-%05d.parquet", worker));
  }

  static Path parts(EvaluationRequest request) {
    return new Path(request.folder(), "parts");
  }

  /** Computes the plan for all workers together, from all shards. */
  EvaluationPlan plan() {
    List<EvaluationExample> examples = new ArrayList<>();
    request
        .shards()
        .forEach(
            (set, files) -> {
              LargeSetSample sample = new LargeSetSample(files, request.settings(), hadoop);
              sample.rows().forEach(row -> examples.add(example(set, row)));
            });
    return EvaluationPlan.of(examples, request.settings());
  }

  private static EvaluationExample example(String set, ShardRow row) {
    return new EvaluationExample(set, row.task(), row.prompt(), row.completion(), row.toExample());
  }

  /**
   * Evaluates one worker's batches and writes its rows. Passes the number of rows that each step
   * finished to the callback.
   */
  Report run(int worker, LongConsumer finished) {
    try {
      List<List<EvaluationExample>> batches = plan().batchesOf(worker, request.workers());
      List<EvaluationRow> rows =
          batches.isEmpty()
              ? List.of()
              : request.model().use(hadoop, model -> evaluate(model, batches, finished));
      EvaluationRows.write(rows, part(request, worker), hadoop);
      return new Report(rows.size(), ExitClass.SUCCESS, "");
    } catch (LetheException e) {
      return new Report(0, e.exitClass(), e.getMessage());
    }
  }

  private List<EvaluationRow> evaluate(
      AnswerModel model, List<List<EvaluationExample>> batches, LongConsumer finished) {
    long[] before = new long[1];
    return new Evaluator(model, request.settings())
        .evaluateBatches(
            batches,
            (stage, done, total) -> {
              finished.accept(done - before[0]);
              before[0] = done;
            });
  }
}
