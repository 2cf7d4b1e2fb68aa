package org.lethe.spark;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.run.lease.LeaseTicket;

/** The driver's lease of the run directory, in the tasks of its jobs. */
public final class TaskLease {
  private static final String PROPERTY = "lethe.lease";

  private TaskLease() {}

  /** Passes the lease to the tasks of all jobs that this thread and its children start. */
  public static void share(JavaSparkContext spark, LeaseTicket ticket) {
    spark.setLocalProperty(PROPERTY, ticket.toText());
  }

  /** Ends {@link #share}: later jobs of this thread belong to no run. */
  public static void end(JavaSparkContext spark) {
    spark.setLocalProperty(PROPERTY, null);
  }

  /**
   * Returns if the driver still holds its run directory. Outside a task there is nothing to check.
   *
   * @param target the file that the task is about to publish
   * @throws org.lethe.error.LetheException CONFLICT if the lease was lost
   */
  public static void confirm(Path target, Configuration hadoop) {
    TaskContext task = TaskContext.get();
    String ticket = task == null ? null : task.getLocalProperty(PROPERTY);
    if (ticket != null) {
      LeaseTicket.of(ticket).confirm(target, hadoop);
    }
  }
}
