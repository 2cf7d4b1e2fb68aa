package org.lethe.cluster.transport;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.compute.FlatVector;

/** Vectors of the driver that the tasks of a job read. The driver closes it after the job. */
public interface SentState extends StateHandle, AutoCloseable {
  /** Lends the vectors to tasks of this JVM, and broadcasts them to other processes. */
  static SentState of(JavaSparkContext spark, List<FlatVector> vectors) {
    return spark.isLocal() ? LentState.of(vectors) : StateBroadcast.of(spark, vectors);
  }

  /** Frees what was sent, on the driver and on all executors. */
  @Override
  void close();
}
