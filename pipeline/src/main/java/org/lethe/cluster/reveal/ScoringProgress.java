package org.lethe.cluster.reveal;

import org.apache.spark.util.LongAccumulator;
import org.lethe.cluster.LiveCounts;

/** Reports scored statements to a listener while tasks still run. */
final class ScoringProgress extends LiveCounts {
  /** Receives counts of one request. */
  @FunctionalInterface
  interface Scored {
    /**
     * @param statements statements scored so far, below the total
     * @param total number of statements
     */
    void progressed(long statements, long total);
  }

  private final LongAccumulator statements;
  private final long total;
  private final Scored listener;
  private long reported = -1;

  ScoringProgress(LongAccumulator statements, long total, Scored listener) {
    super(statements);
    this.statements = statements;
    this.total = total;
    this.listener = listener;
  }

  /** The completion is not reported: a run has many requests, and most take no time. */
  @Override
  protected synchronized void counted() {
    long done = sum(statements);
    if (done > reported && done < total) {
      reported = done;
      listener.progressed(done, total);
    }
  }

  /** Ignores later events. */
  synchronized void finish() {
    reported = total;
  }
}
