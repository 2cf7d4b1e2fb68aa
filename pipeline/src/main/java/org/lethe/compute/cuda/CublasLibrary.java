package org.lethe.compute.cuda;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lethe.error.CudaErrors;

/**
 * Functions of cuBLAS, under their native names. The library is the configured file, or the first
 * one that {@link CublasSearch} finds and the system can load.
 */
final class CublasLibrary {
  private static final Set<String> SECOND_VERSIONS =
      Set.of("cublasCreate", "cublasGetVersion", "cublasSetStream", "cublasSetWorkspace");

  private static String loaded;

  private CublasLibrary() {}

  /**
   * Loads the library, once per process.
   *
   * @param file the configured one, or empty to search
   * @return the file it was loaded from
   * @throws org.lethe.error.LetheException PLATFORM if there is none
   */
  static synchronized String load(Optional<String> file) {
    if (loaded == null) {
      loaded = register(candidates(file));
    }
    return loaded;
  }

  /** The configured file alone, or what a search finds. */
  static List<String> candidates(Optional<String> file) {
    return file.map(List::of).orElseGet(() -> CublasSearch.ofProcess().candidates());
  }

  /** Binds the functions to the first candidate that can be loaded. */
  static String register(List<String> candidates) {
    FunctionMapper mapper =
        (library, method) ->
            SECOND_VERSIONS.contains(method.getName())
                ? method.getName() + "_v2"
                : method.getName();
    for (String candidate : candidates) {
      Optional<NativeLibrary> library = open(candidate, mapper);
      if (library.isPresent()) {
        Native.register(CublasLibrary.class, library.get());
        return candidate;
      }
    }
    throw CudaErrors.noCublas(candidates);
  }

  private static Optional<NativeLibrary> open(String file, FunctionMapper mapper) {
    try {
      return Optional.of(
          NativeLibrary.getInstance(file, Map.of(Library.OPTION_FUNCTION_MAPPER, mapper)));
    } catch (LinkageError e) {
      return Optional.empty();
    }
  }

  static native int cublasCreate(long[] handle);

  static native int cublasSetStream(long handle, long stream);

  static native int cublasSetWorkspace(long handle, long workspace, long bytes);

  static native int cublasGetVersion(long handle, int[] version);

  static native int cublasGemmEx(
      long handle,
      int operationA,
      int operationB,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int typeA,
      int strideA,
      long b,
      int typeB,
      int strideB,
      long beta,
      long c,
      int typeC,
      int strideC,
      int computeType,
      int algorithm);
}
