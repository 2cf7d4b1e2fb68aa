package org.lethe.spark;

import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.error.ClusterErrors;
import org.lethe.error.LetheException;
import org.lethe.platform.KnownFailures;

/** Runs Spark jobs. */
public final class SparkJob {
  private static final String DESCRIPTION = "spark.job.description";

  private SparkJob() {}

  /**
   * Runs work whose jobs Spark's UI and event log show with a description, after that of the work
   * around it.
   *
   * @param description what the jobs do; never text of a corpus
   * @throws LetheException what a task threw, or the reason of Spark's own failure
   */
  public static <T> T run(JavaSparkContext spark, String description, Supplier<T> work) {
    String outer = spark.getLocalProperty(DESCRIPTION);
    spark.setJobDescription(outer == null ? "Lethe: " + description : outer + ", " + description);
    try {
      return work.get();
    } catch (Exception e) {
      // Spark throws the checked SparkException undeclared, because it is written in Scala.
      throw failure(description, e);
    } finally {
      spark.setJobDescription(outer);
    }
  }

  private static LetheException failure(String description, Exception thrown) {
    return KnownFailures.find(thrown)
        .orElseGet(() -> ClusterErrors.jobFailed(description, JobFailure.reason(thrown), thrown));
  }
}
