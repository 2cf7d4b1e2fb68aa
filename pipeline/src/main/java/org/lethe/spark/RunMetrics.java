package org.lethe.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.StorageStatistics;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.metrics.source.Source;

/**
 * Figures of the running command as a source of Spark's metrics system, so that Spark's own sinks
 * (Prometheus, JMX, Graphite, CSV) show them. Names and numbers only, never text.
 */
public final class RunMetrics implements Source {
  /** Name of the source; Spark puts the application and the process before it. */
  public static final String SOURCE = "lethe";

  /** One for each application of this process. */
  private static final Map<String, RunMetrics> BY_APPLICATION = new ConcurrentHashMap<>();

  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, Double> values = new ConcurrentHashMap<>();

  private RunMetrics() {
    Gauge<Long> read = () -> traffic("bytesRead");
    registry.register("bytes-read", read);
    Gauge<Long> written = () -> traffic("bytesWritten");
    registry.register("bytes-written", written);
  }

  /** Bytes that this process moved to or from all file systems. */
  private static long traffic(String statistic) {
    long sum = 0;
    Iterator<StorageStatistics> stores = FileSystem.getGlobalStorageStatistics().iterator();
    while (stores.hasNext()) {
      Long bytes = stores.next().getLong(statistic);
      sum += bytes == null ? 0 : bytes;
    }
    return sum;
  }

  /** Returns the metrics of an application, known to its metrics system. */
  public static RunMetrics of(JavaSparkContext spark) {
    return BY_APPLICATION.computeIfAbsent(
        spark.sc().applicationId(),
        id -> {
          RunMetrics metrics = new RunMetrics();
          SparkEnv.get().metricsSystem().registerSource(metrics);
          return metrics;
        });
  }

  /** Sets a figure. A figure that is not a number has no value in most sinks and is left out. */
  public void set(String name, double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    if (values.put(name, value) == null) {
      Gauge<Double> gauge = () -> values.get(name);
      registry.register(name, gauge);
    }
  }

  @Override
  public String sourceName() {
    return SOURCE;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }
}
