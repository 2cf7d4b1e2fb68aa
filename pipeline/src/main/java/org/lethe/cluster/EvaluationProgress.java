package org.lethe.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import org.lethe.evaluation.Evaluator;
import org.lethe.evaluation.ProgressListener;
import scala.Tuple4;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tells a listener how many rows the workers have finished while their tasks still run. Spark adds
 * accumulators up only when a task ends, which may take an hour; executors' heartbeats (every 10
 * seconds) carry what each task has counted so far.
 */
final class EvaluationProgress extends SparkListener {
  private final LongAccumulator counter;
  private final long total;
  private final ProgressListener listener;
  private final Map<Long, Long> byTask = new ConcurrentHashMap<>();
  private long told;

  EvaluationProgress(LongAccumulator counter, long total, ProgressListener listener) {
    this.counter = counter;
    this.total = total;
    this.listener = listener;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
        CollectionConverters.asJava(update.accumUpdates())) {
      CollectionConverters.asJava(task._4()).forEach(info -> count((Long) task._1(), info));
    }
    tell();
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof Success$) {
      CollectionConverters.asJava(end.taskInfo().accumulables())
          .forEach(info -> count(end.taskInfo().taskId(), info));
    } else {
      byTask.remove(end.taskInfo().taskId()); // it will be done again
    }
    tell();
  }

  private void count(long task, AccumulableInfo info) {
    if (info.id() == counter.id() && info.update().isDefined()) {
      byTask.merge(task, (Long) info.update().get(), Math::max);
    }
  }

  /** All is done; events that still come are not told any more. */
  void finish() {
    tell(total);
  }

  private void tell() {
    tell(Math.min(total, byTask.values().stream().mapToLong(Long::longValue).sum()));
  }

  private synchronized void tell(long done) {
    if (done > told) {
      told = done;
      listener.progressed(Evaluator.STAGE, done, total);
    }
  }
}
