package org.lethe.compute.cuda;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import org.lethe.compute.Graphs;
import org.lethe.error.CudaErrors;

/** One CUDA device of this process, its primary context and its stream. Usable from any thread. */
final class Device {
  /** Oldest supported driver: CUDA 11.8 compiles the kernels to PTX. */
  private static final int OLDEST_DRIVER = 11080;

  private static final int OLDEST_CAPABILITY = 8;

  private final String name;
  private final int driverVersion;
  private final int major;
  private final int minor;
  private final long context;
  private final WorkStream stream;
  private final ThreadLocal<Boolean> isCurrent = ThreadLocal.withInitial(() -> false);

  private Device(
      String name, int driverVersion, int major, int minor, long context, WorkStream stream) {
    this.name = name;
    this.driverVersion = driverVersion;
    this.major = major;
    this.minor = minor;
    this.context = context;
    this.stream = stream;
  }

  /**
   * Opens a device.
   *
   * @param ordinal index among the devices visible to the process
   * @param graphs whether its stream replays recurring work
   * @throws org.lethe.error.LetheException PLATFORM if the device is missing or too old
   */
  static Device open(int ordinal, Graphs graphs) {
    Driver.load();
    int[] value = new int[1];
    int code = Driver.cuInit(0);
    if (code == Driver.NO_DEVICE) {
      throw CudaErrors.noDevice(ordinal, 0);
    }
    check(code, "cuInit");
    check(Driver.cuDeviceGetCount(value), "cuDeviceGetCount");
    if (ordinal >= value[0]) {
      throw CudaErrors.noDevice(ordinal, value[0]);
    }
    check(Driver.cuDriverGetVersion(value), "cuDriverGetVersion");
    int driverVersion = value[0];
    if (driverVersion < OLDEST_DRIVER) {
      throw CudaErrors.oldDriver(driverVersion, OLDEST_DRIVER);
    }
    check(Driver.cuDeviceGet(value, ordinal), "cuDeviceGet");
    int device = value[0];
    byte[] text = new byte[256];
    check(Driver.cuDeviceGetName(text, text.length, device), "cuDeviceGetName");
    String name = new String(text, StandardCharsets.UTF_8).split("\0", 2)[0];
    int major = attribute(device, Driver.CAPABILITY_MAJOR);
    int minor = attribute(device, Driver.CAPABILITY_MINOR);
    if (major < OLDEST_CAPABILITY) {
      throw CudaErrors.oldDevice(name, major, minor);
    }
    long[] context = new long[1];
    check(Driver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
    check(Driver.cuCtxSetCurrent(context[0]), "cuCtxSetCurrent");
    long[] stream = new long[1];
    check(Driver.cuStreamCreate(stream, Driver.NON_BLOCKING), "cuStreamCreate");
    return new Device(
        name, driverVersion, major, minor, context[0], new WorkStream(stream[0], graphs));
  }

  private static int attribute(int device, int attribute) {
    int[] value = new int[1];
    check(Driver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
    return value[0];
  }

  /** Product name, such as {@code NVIDIA H100 80GB HBM3}. */
  String name() {
    return name;
  }

  /** Newest CUDA version that the driver supports: 1000 major + 10 minor. */
  int driverVersion() {
    return driverVersion;
  }

  /** Compute capability, such as {@code 9.0}. */
  String capability() {
    return major + "." + minor;
  }

  WorkStream stream() {
    return stream;
  }

  /** Makes this device current for the calling thread. */
  void enter() {
    if (!isCurrent.get()) {
      check(Driver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
      isCurrent.set(true);
    }
  }

  /** Bytes of device memory that no process uses. */
  long freeBytes() {
    enter();
    long[] available = new long[1];
    check(Driver.cuMemGetInfo(available, new long[1]), "cuMemGetInfo");
    return available[0];
  }

  /**
   * Checks the return code of a driver function.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the code is an error
   */
  static void check(int code, String function) {
    if (code != Driver.SUCCESS) {
      throw CudaErrors.callFailed(function, errorName(code), code);
    }
  }

  static String errorName(int code) {
    long[] text = new long[1];
    if (Driver.cuGetErrorName(code, text) != Driver.SUCCESS) {
      return "unknown error";
    }
    return new Pointer(text[0]).getString(0);
  }
}
