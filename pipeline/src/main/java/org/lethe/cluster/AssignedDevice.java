package org.lethe.cluster;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.TaskContext;
import org.lethe.error.CudaErrors;

/**
 * The GPU that Spark assigned to the running task, by {@code spark.executor.resource.gpu.amount}
 * and {@code spark.task.resource.gpu.amount}.
 */
final class AssignedDevice {
  private static final String RESOURCE = "gpu";
  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

  private AssignedDevice() {}

  /**
   * Its ordinal; 0 outside tasks and where Spark assigns none.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the address is not an ordinal
   */
  static int ordinal() {
    return Optional.ofNullable(TaskContext.get())
        .map(context -> context.resourcesJMap().get(RESOURCE))
        .map(gpu -> ordinal(gpu.addresses()[0].strip()))
        .orElse(0);
  }

  private static int ordinal(String address) {
    if (!INDEX.matcher(address).matches()) {
      throw CudaErrors.deviceAddress(address);
    }
    return Integer.parseInt(address);
  }
}
