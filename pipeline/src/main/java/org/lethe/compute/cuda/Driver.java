package org.lethe.compute.cuda;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;
import java.util.Set;
import org.lethe.error.CudaErrors;

/**
 * Functions of the CUDA driver, under their native names. Pointers, handles and sizes are longs,
 * because only 64-bit platforms have a driver. Each function returns an error code, 0 for success.
 */
final class Driver {
  static final int SUCCESS = 0;
  static final int OUT_OF_MEMORY = 2;
  static final int NO_DEVICE = 100;
  static final int CAPABILITY_MAJOR = 75;
  static final int CAPABILITY_MINOR = 76;
  static final int MULTIPROCESSORS = 16;
  static final int MAXIMUM_SHARED_BYTES = 8;
  static final int ERROR_LOG_BUFFER = 5;
  static final int ERROR_LOG_BYTES = 6;

  /** A stream that does not wait for the legacy stream. */
  static final int NON_BLOCKING = 1;

  /** A capture that leaves other threads alone. */
  static final int THREAD_LOCAL = 1;

  private static final String LIBRARY = "libcuda.so.1";

  /** Functions that changed since CUDA 2 carry a suffix in the library. */
  private static final Set<String> SECOND_VERSIONS =
      Set.of(
          "cuMemGetInfo",
          "cuMemAlloc",
          "cuMemFree",
          "cuMemcpyHtoDAsync",
          "cuMemcpyDtoHAsync",
          "cuMemcpyDtoDAsync",
          "cuStreamBeginCapture");

  private static boolean loaded;

  private Driver() {}

  /**
   * Loads the library, once per process.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the library is missing
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    register(LIBRARY);
    loaded = true;
  }

  static void register(String name) {
    FunctionMapper mapper =
        (library, method) ->
            SECOND_VERSIONS.contains(method.getName())
                ? method.getName() + "_v2"
                : method.getName();
    try {
      Native.register(
          Driver.class,
          NativeLibrary.getInstance(name, Map.of(Library.OPTION_FUNCTION_MAPPER, mapper)));
    } catch (LinkageError e) {
      throw CudaErrors.noDriver(name, e);
    }
  }

  static native int cuInit(int flags);

  static native int cuDriverGetVersion(int[] version);

  static native int cuDeviceGetCount(int[] count);

  static native int cuDeviceGet(int[] device, int ordinal);

  static native int cuDeviceGetName(byte[] name, int length, int device);

  static native int cuDeviceGetAttribute(int[] value, int attribute, int device);

  static native int cuDevicePrimaryCtxRetain(long[] context, int device);

  static native int cuCtxSetCurrent(long context);

  static native int cuStreamCreate(long[] stream, int flags);

  static native int cuStreamSynchronize(long stream);

  static native int cuStreamBeginCapture(long stream, int mode);

  static native int cuStreamEndCapture(long stream, long[] graph);

  static native int cuGraphInstantiateWithFlags(long[] executable, long graph, long flags);

  static native int cuGraphDestroy(long graph);

  static native int cuGraphLaunch(long executable, long stream);

  static native int cuGraphExecDestroy(long executable);

  static native int cuMemGetInfo(long[] available, long[] total);

  static native int cuMemAlloc(long[] pointer, long bytes);

  static native int cuMemFree(long pointer);

  static native int cuMemHostAlloc(long[] pointer, long bytes, int flags);

  static native int cuMemcpyHtoDAsync(long device, long host, long bytes, long stream);

  static native int cuMemcpyDtoHAsync(long host, long device, long bytes, long stream);

  static native int cuMemcpyDtoDAsync(long to, long from, long bytes, long stream);

  static native int cuModuleLoadDataEx(
      long[] module, byte[] image, int options, int[] keys, long[] values);

  static native int cuModuleGetFunction(long[] function, long module, String name);

  static native int cuFuncSetAttribute(long function, int attribute, int value);

  static native int cuLaunchKernel(
      long function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      long stream,
      long parameters,
      long extra);

  static native int cuGetErrorName(int code, long[] name);
}
