package org.lethe.cluster.evaluation;

import org.apache.spark.util.LongAccumulator;
import org.lethe.cluster.LiveCounts;
import org.lethe.evaluation.Evaluator;
import org.lethe.evaluation.ProgressListener;

/** Tells a listener how many rows the workers have finished while their tasks still run. */
final class EvaluationProgress extends LiveCounts {
  private final LongAccumulator rows;
  private final long total;
  private final ProgressListener listener;
  private long told;

  EvaluationProgress(LongAccumulator rows, long total, ProgressListener listener) {
    super(rows);
    this.rows = rows;
    this.total = total;
    this.listener = listener;
  }

  @Override
  protected void counted() {
    tell(Math.min(total, sum(rows)));
  }

  /** All is done; events that still come are not told any more. */
  void finish() {
    tell(total);
  }

  private synchronized void tell(long done) {
    if (done > told) {
      told = done;
      listener.progressed(Evaluator.STAGE, done, total);
    }
  }
}
