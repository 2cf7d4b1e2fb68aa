package org.lethe.platform;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.Loader;

/**
 * The kernels of OpenBLAS, by the name that OpenBLAS gives them. They decide the order in which
 * products are summed, and with it the last bits of every result.
 *
 * <p>OpenBLAS reads {@code OPENBLAS_CORETYPE} when it loads. {@link #choose} sets it in the driver,
 * in executors and in tests, whatever started the process.
 */
public final class BlasKernel {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final String UNKNOWN = "unknown";

  private BlasKernel() {}

  /**
   * Chooses the kernel for this machine, before OpenBLAS loads. A user's own choice in the
   * environment stays.
   */
  public static void choose(Processor processor) {
    if (System.getenv(VARIABLE) == null) {
      preferred(processor).ifPresent(kernel -> NativeEnvironment.set(VARIABLE, kernel));
    }
  }

  /**
   * The kernel that OpenBLAS would not choose by itself. It does not recognise newer AMD processors
   * and does not use their AVX-512, which halves the measured speed.
   */
  static Optional<String> preferred(Processor processor) {
    return processor.vendor().equals("AuthenticAMD")
            && processor.flags().containsAll(Set.of("avx512bw", "avx512vl"))
        ? Optional.of("SKYLAKEX")
        : Optional.empty();
  }

  /** The kernel that OpenBLAS uses, in upper case, once ND4J has loaded. */
  public static String loaded() {
    return Loader.getLoadedLibraries().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("openblas@"))
        .map(Map.Entry::getValue)
        .findFirst()
        .flatMap(library -> NativeEnvironment.text(library, "openblas_get_corename"))
        .map(name -> name.toUpperCase(Locale.ROOT))
        .orElse(UNKNOWN);
  }
}
