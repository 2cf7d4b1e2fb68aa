package org.lethe.cluster;

import java.util.Optional;
import org.apache.spark.TaskContext;

/**
 * The GPU that Spark assigned to the running task, by {@code spark.executor.resource.gpu.amount}
 * and {@code spark.task.resource.gpu.amount}.
 */
final class AssignedDevice {
  private static final String RESOURCE = "gpu";

  private AssignedDevice() {}

  /** Its ordinal; 0 outside tasks and where Spark assigns none. */
  static int ordinal() {
    return Optional.ofNullable(TaskContext.get())
        .map(context -> context.resourcesJMap().get(RESOURCE))
        .map(gpu -> Integer.parseInt(gpu.addresses()[0].strip()))
        .orElse(0);
  }
}
