package org.lethe.cluster.training;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.ResidentModel;
import org.lethe.compute.FlatVector;
import org.lethe.spark.SparkJob;

/** The initial model's loss of every forget row, for several trainings on the same rows. */
public final class InitialLosses {
  private InitialLosses() {}

  /**
   * Returns one file per worker, below the plan's directory. Computes them if they do not exist.
   */
  public static List<String> files(JavaSparkContext spark, TrainingPlan plan) {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    try (ResidentModel.Lease lease =
        ResidentModel.leaseInitial(plan.model(), spark.hadoopConfiguration())) {
      FlatVector parameters = lease.decoder().parameters();
      ReferencePass pass =
          new ReferencePass(plan.directory(), Fingerprint.of(plan, spark.hadoopConfiguration()));
      List<String> files =
          SparkJob.run(
              spark,
              "initial losses",
              () -> pass.files(spark, plan, parameters, hadoop, TrainingListener.NONE));
      lease.done(ResidentModel.Parameters.INITIAL);
      return files;
    } finally {
      hadoop.destroy();
    }
  }
}
