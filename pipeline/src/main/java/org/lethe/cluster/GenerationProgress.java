package org.lethe.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple4;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Rows and tokens while tasks still run, from heartbeats as {@link EvaluationProgress} does. */
final class GenerationProgress extends SparkListener {
  private final LongAccumulator rows;
  private final LongAccumulator tokens;
  private final long total;
  private final PromptingListener listener;
  private final Map<Long, Long> rowsByTask = new ConcurrentHashMap<>();
  private final Map<Long, Long> tokensByTask = new ConcurrentHashMap<>();
  private long told = -1;

  GenerationProgress(
      LongAccumulator rows, LongAccumulator tokens, long total, PromptingListener listener) {
    this.rows = rows;
    this.tokens = tokens;
    this.total = total;
    this.listener = listener;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
        CollectionConverters.asJava(update.accumUpdates())) {
      CollectionConverters.asJava(task._4()).forEach(info -> count((Long) task._1(), info));
    }
    tell(sum(rowsByTask), sum(tokensByTask));
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    long task = end.taskInfo().taskId();
    if (end.reason() instanceof Success$) {
      CollectionConverters.asJava(end.taskInfo().accumulables()).forEach(info -> count(task, info));
    } else {
      rowsByTask.remove(task); // it will be done again
      tokensByTask.remove(task);
    }
    tell(sum(rowsByTask), sum(tokensByTask));
  }

  private void count(long task, AccumulableInfo info) {
    if (info.update().isDefined()) {
      if (info.id() == rows.id()) {
        rowsByTask.merge(task, (Long) info.update().get(), Math::max);
      } else if (info.id() == tokens.id()) {
        tokensByTask.merge(task, (Long) info.update().get(), Math::max);
      }
    }
  }

  private static long sum(Map<Long, Long> byTask) {
    return byTask.values().stream().mapToLong(Long::longValue).sum();
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
