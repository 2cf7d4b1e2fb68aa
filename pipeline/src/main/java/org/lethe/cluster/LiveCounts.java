package org.lethe.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import scala.Product;
import scala.collection.Iterable;
import scala.collection.Iterator;

/**
 * Counts of tasks while they still run. Spark adds accumulators up only when a task ends, which may
 * take an hour. Heartbeats of the executors (every 10 seconds) carry each task's counts earlier.
 *
 * <p>Methods with a Scala sequence in their signature differ between the builds of Spark for Scala
 * 2.12 and 2.13. So this class reads the fields of events as those of a {@link Product}.
 */
public abstract class LiveCounts extends SparkListener {
  /** Fields of {@link SparkListenerExecutorMetricsUpdate} and of its tuples. */
  private static final int UPDATES = 1;

  private static final int TASK = 0;
  private static final int ACCUMULATORS = 3;

  private record TaskCounter(long task, long counter) {}

  private final List<Long> counters;

  /** Counts of tasks that run. */
  private final Map<TaskCounter, Long> running = new ConcurrentHashMap<>();

  protected LiveCounts(LongAccumulator... counters) {
    this.counters = Arrays.stream(counters).map(LongAccumulator::id).toList();
  }

  /** Called when counts may have changed. */
  protected abstract void counted();

  /**
   * Returns the counter's sum over all tasks. It may be too large for a moment, when a task has
   * just ended.
   */
  protected final long sum(LongAccumulator counter) {
    long ended = counter.value();
    return ended
        + running.entrySet().stream()
            .filter(entry -> entry.getKey().counter() == counter.id())
            .mapToLong(Map.Entry::getValue)
            .sum();
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Iterator<?> tasks = elements(update, UPDATES); tasks.hasNext(); ) {
      Product task = (Product) tasks.next();
      long id = ((Number) task.productElement(TASK)).longValue();
      for (Iterator<?> infos = elements(task, ACCUMULATORS); infos.hasNext(); ) {
        count(id, (AccumulableInfo) infos.next());
      }
    }
    counted();
  }

  /** Spark has added a successful task's counts to the accumulators, and retries a failed one. */
  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    long task = end.taskInfo().taskId();
    running.keySet().removeIf(key -> key.task() == task);
    counted();
  }

  private static Iterator<?> elements(Product product, int field) {
    return ((Iterable<?>) product.productElement(field)).iterator();
  }

  private void count(long task, AccumulableInfo info) {
    if (counters.contains(info.id()) && info.update().isDefined()) {
      running.merge(new TaskCounter(task, info.id()), (Long) info.update().get(), Math::max);
    }
  }
}
