package org.lethe.cluster;

import java.util.Arrays;
import java.util.List;
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

/**
 * Counts of tasks while they still run. Spark adds accumulators up only when a task ends, which may
 * take an hour. Heartbeats of the executors (every 10 seconds) carry each task's counts earlier.
 */
public abstract class LiveCounts extends SparkListener {
  private record TaskCounter(long task, long counter) {}

  private final List<Long> counters;
  private final Map<TaskCounter, Long> counts = new ConcurrentHashMap<>();

  protected LiveCounts(LongAccumulator... counters) {
    this.counters = Arrays.stream(counters).map(LongAccumulator::id).toList();
  }

  /** Called when counts may have changed. */
  protected abstract void counted();

  /** Returns the counter's sum over all tasks. */
  protected final long sum(LongAccumulator counter) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().counter() == counter.id())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
        CollectionConverters.asJava(update.accumUpdates())) {
      CollectionConverters.asJava(task._4()).forEach(info -> count((Long) task._1(), info));
    }
    counted();
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    long task = end.taskInfo().taskId();
    if (end.reason() instanceof Success$) {
      CollectionConverters.asJava(end.taskInfo().accumulables()).forEach(info -> count(task, info));
    } else {
      counts.keySet().removeIf(key -> key.task() == task); // Spark retries the task
    }
    counted();
  }

  private void count(long task, AccumulableInfo info) {
    if (counters.contains(info.id()) && info.update().isDefined()) {
      counts.merge(new TaskCounter(task, info.id()), (Long) info.update().get(), Math::max);
    }
  }
}
