package org.lethe.cluster.evaluation;

import org.apache.spark.util.LongAccumulator;
import org.lethe.cluster.LiveCounts;
import org.lethe.evaluation.Evaluator;
import org.lethe.evaluation.ProgressListener;

/** Reports finished rows to a listener while tasks still run. */
final class EvaluationProgress extends LiveCounts {
  private final LongAccumulator rows;
  private final long total;
  private final ProgressListener listener;
  private long reported;

  EvaluationProgress(LongAccumulator rows, long total, ProgressListener listener) {
    super(rows);
    this.rows = rows;
    this.total = total;
    this.listener = listener;
  }

  @Override
  protected void counted() {
    report(Math.min(total, sum(rows)));
  }

  /** Reports completion. Later events are ignored. */
  void finish() {
    report(total);
  }

  private synchronized void report(long done) {
    if (done > reported) {
      reported = done;
      listener.progressed(Evaluator.STAGE, done, total);
    }
  }
}
