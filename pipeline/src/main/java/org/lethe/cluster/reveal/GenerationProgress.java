package org.lethe.cluster.reveal;

import org.apache.spark.util.LongAccumulator;
import org.lethe.cluster.LiveCounts;

/** Reports rows and tokens to a listener while tasks still run. */
final class GenerationProgress extends LiveCounts {
  private final LongAccumulator rows;
  private final LongAccumulator tokens;
  private final long total;
  private final PromptingListener listener;
  private long reported = -1;

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
    report(sum(rows), sum(tokens));
  }

  /** Reports completion. Later events are ignored. */
  void finish() {
    report(total, tokens.value());
  }

  private synchronized void report(long done, long generated) {
    if (done > reported) {
      reported = done;
      listener.progressed(Math.min(done, total), total, generated);
    }
  }
}
