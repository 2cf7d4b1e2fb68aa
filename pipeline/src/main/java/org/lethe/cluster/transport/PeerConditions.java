package org.lethe.cluster.transport;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.cluster.wire.Secret.Protection;
import scala.util.Properties;

/** What a barrier stage and sockets between executors need of Spark. */
final class PeerConditions {
  /** Key by which a user chooses the general path. */
  static final String KEY = "spark.lethe.transport";

  /** {@link PeerTransport} uses methods of Spark with Scala's collections of this version. */
  private static final String SCALA = "2.13";

  private PeerConditions() {}

  /**
   * Resources of an application.
   *
   * @param executors executors that are up
   * @param parallelism Spark's default parallelism
   */
  record Resources(int executors, int parallelism) {
    static Resources of(JavaSparkContext spark) {
      // The driver is among them.
      return new Resources(
          spark.sc().statusTracker().getExecutorInfos().length - 1, spark.defaultParallelism());
    }

    /** Tasks that can run at the same time; fewer where Spark does not tell. */
    private int slots(SparkConf conf) {
      if (conf.contains("spark.task.resource.gpu.amount")) {
        return executors;
      }
      int perTask = conf.getInt("spark.task.cpus", 1);
      int tasks = executors * Math.max(1, conf.getInt("spark.executor.cores", 1) / perTask);
      // By default the parallelism is the number of cores, but at least 2.
      boolean cores = !conf.contains("spark.default.parallelism") && parallelism > 2;
      return cores ? Math.max(tasks, parallelism / perTask) : tasks;
    }
  }

  /** Reason why workers cannot exchange vectors among themselves now, if there is one. */
  static Optional<String> obstacle(SparkConf conf, Resources resources, int workers) {
    if (conf.get(KEY, "automatic").equals("general")) {
      return Optional.of(KEY + " is general");
    }
    if (!Properties.versionNumberString().startsWith(SCALA)) {
      return Optional.of(
          "Spark is built for Scala " + Properties.versionNumberString() + ", not " + SCALA);
    }
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return Optional.of("dynamic allocation is on, which barrier stages exclude");
    }
    if (conf.getBoolean("spark.speculation", false)) {
      return Optional.of("speculation is on, and a barrier stage has no speculative tasks");
    }
    int slots = resources.slots(conf);
    return slots < workers
        ? Optional.of(slots + " tasks can run at the same time, fewer than " + workers + " workers")
        : Optional.empty();
  }

  /** Connections are encrypted where Spark encrypts its own. */
  static Protection protection(SparkConf conf) {
    return conf.getBoolean("spark.network.crypto.enabled", false)
            || conf.getBoolean("spark.authenticate.enableSaslEncryption", false)
            || conf.getBoolean("spark.ssl.rpc.enabled", false)
        ? Protection.ENCRYPTED
        : Protection.AUTHENTICATED;
  }
}
