package org.lethe.cluster.reveal;

import org.apache.spark.util.LongAccumulator;
import org.lethe.cluster.LiveCounts;

/** Tells a listener of rows and tokens while tasks still run. */
final class GenerationProgress extends LiveCounts {
  private final LongAccumulator rows;
  private final LongAccumulator tokens;
  private final long total;
  private final PromptingListener listener;
  private long told = -1;

  GenerationProgress(
      LongAccumulator rows, LongAccumulator tokens, long total, PromptingListener listener) {
    super(rows, tokens);
    this.rows = rows;
    this.tokens = tokens;
    this.total = total;
    this.listener = listener;
  }

  @Override
  protected void counted() {
    tell(sum(rows), sum(tokens));
  }

  /** All is done; events that still come are not told any more. */
  void finish() {
    tell(total, tokens.value());
  }

  private synchronized void tell(long done, long made) {
    if (done > told) {
      told = done;
      listener.progressed(Math.min(done, total), total, made);
    }
  }
}
