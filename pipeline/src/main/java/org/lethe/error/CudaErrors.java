package org.lethe.error;

import java.util.List;
import java.util.Locale;

/** What can go wrong with a CUDA device, its driver and its libraries. */
public final class CudaErrors {
  private static final String OTHERWISE = "or set lethe.platform.backend = cpu";

  private CudaErrors() {}

  private static LetheException platform(String message, Throwable cause) {
    return new LetheException(ExitClass.PLATFORM, message, cause);
  }

  private static LetheException platform(String message) {
    return new LetheException(ExitClass.PLATFORM, message);
  }

  public static LetheException noDriver(String library, Throwable failure) {
    return platform(
        "No CUDA driver: " + library + " cannot be loaded; install NVIDIA's driver, " + OTHERWISE,
        failure);
  }

  /** Versions as the driver gives them: 1000 major + 10 minor. */
  public static LetheException oldDriver(int version, int needed) {
    return platform(
        "CUDA driver too old: it supports CUDA "
            + version(version)
            + ", "
            + version(needed)
            + " needed; install driver 520 or newer, "
            + OTHERWISE);
  }

  private static String version(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  public static LetheException noDevice(int ordinal, int count) {
    return platform(
        "No CUDA device "
            + ordinal
            + ": the driver sees "
            + count
            + "; check nvidia-smi and CUDA_VISIBLE_DEVICES, "
            + OTHERWISE);
  }

  public static LetheException oldDevice(String name, int major, int minor) {
    return platform(
        "CUDA device too old: "
            + name
            + " has compute capability "
            + major
            + "."
            + minor
            + ", 8.0 needed; use a newer device, "
            + OTHERWISE);
  }

  public static LetheException noCublas(List<String> tried) {
    return platform(
        "cuBLAS not found; install CUDA 11, 12 or 13 or Python's nvidia-cublas, or name the file"
            + " in lethe.platform.cublas. Tried: "
            + String.join(", ", tried));
  }

  /** Kernels that the driver cannot translate for the device. */
  public static LetheException badKernels(String resource, String error, String log) {
    return platform("CUDA kernels " + resource + " cannot be loaded: " + error + " " + log.strip());
  }

  /** A head size that no kernel serves. */
  public static LetheException headSize(int size, int largest) {
    return platform(
        "Attention heads of "
            + size
            + " elements are too large for the CUDA kernels, which take up to "
            + largest
            + "; set lethe.platform.backend = cpu");
  }

  /** A GPU that Spark assigned by a name that the driver does not know. */
  public static LetheException deviceAddress(String address) {
    return platform(
        "Invalid address of a GPU: "
            + address
            + ", expected its index; use conf/find-gpus.sh as"
            + " spark.executor.resource.gpu.discoveryScript");
  }

  /**
   * A call that failed. The process cannot use the device any more, so the cause is an error by
   * which Spark ends an executor. Its cluster then starts another, and the task is repeated there.
   */
  public static LetheException callFailed(String function, String error, int code) {
    return platform(
        String.format(
            Locale.ROOT,
            "CUDA device failed: %s returned %s (%d); check nvidia-smi and the system log",
            function,
            error,
            code),
        new InternalError("This process can no longer use its CUDA device"));
  }
}
