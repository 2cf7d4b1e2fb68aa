package org.lethe.tensor;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.Loader;
import org.lethe.error.PlatformErrors;
import org.lethe.platform.Account;
import org.lethe.platform.BlasKernel;
import org.lethe.platform.MathThreads;
import org.lethe.platform.NativeFolders;
import org.lethe.platform.PackedNatives;
import org.lethe.platform.Processor;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The native binary of ND4J in this process.
 *
 * <p>Every process, driver or executor, must call {@link #prepare} before ND4J loads. It chooses
 * the oneDNN binary that the CPU's flags allow, the kernel of OpenBLAS and the number of threads,
 * and sets JavaCPP's limits. {@link #loaded} then returns what was really loaded, because ND4J
 * falls back to the CPU silently.
 *
 * @param backend simple class name of ND4J's backend, {@code CpuBackend} or {@code JCublasBackend}
 * @param binary name of the native binary: {@code plain}, {@code onednn-avx2}, {@code
 *     onednn-avx512}, {@code cuda}
 * @param kernel name of OpenBLAS's kernel, which decides the last bits of products; followed by the
 *     precision of other products if there are any
 * @param library path of the native library
 * @param threads threads of linear algebra
 * @param devices number of accelerator devices, 0 on the CPU
 */
public record NativeBackend(
    String backend, String binary, String kernel, String library, int threads, int devices) {

  /** The configured backend. */
  public enum Choice {
    AUTO,
    CPU,
    CUDA
  }

  private static final AtomicBoolean PREPARED = new AtomicBoolean();

  static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
  private static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxphysicalbytes";

  /** The CPU flags of skylake-avx512, for which the compiler built the binary. */
  private static final Set<String> AVX512 =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  private static final Set<String> AVX2 = Set.of("avx2", "fma", "bmi2");

  /**
   * Chooses the binary and the limits for this process. Keeps settings that the user made by system
   * property. Has no effect once ND4J has loaded.
   */
  public static void prepare() {
    if (PREPARED.getAndSet(true)) {
      return;
    }
    Account.completeHome();
    Processor processor = Processor.ofMachine();
    NativeFolders.prepare();
    BlasKernel.choose(processor);
    MathThreads.choose();
    setIfAbsent(EXTENSION, extension(processor.flags()).orElse(""));
    PackedNatives.platform()
        .ifPresent(name -> PackedNatives.prepare(name + System.getProperty(EXTENSION)));
    // JavaCPP compares the whole resident set, Java heap included, with this limit and throws above
    // it. Lethe budgets memory before work starts instead.
    setIfAbsent(MAX_PHYSICAL_BYTES, "0");
    setIfAbsent(ND4JSystemProperties.LOG_INITIALIZATION, "false");
  }

  /**
   * Loads ND4J, after {@link #prepare}, and returns what was loaded.
   *
   * @throws org.lethe.error.LetheException PLATFORM if no native library can be loaded
   */
  public static NativeBackend loaded() {
    prepare();
    try {
      String backend = Nd4j.getBackend().getClass().getSimpleName();
      boolean cuda = backend.toLowerCase(Locale.ROOT).contains("cublas");
      if (!cuda) {
        setThreads(MathThreads.ofProcess());
      }
      String library = library(cuda ? "nd4jcuda" : "nd4jcpu");
      return new NativeBackend(
          backend,
          cuda ? "cuda" : binary(library),
          BlasKernel.loaded(),
          library,
          Nd4j.getEnvironment().maxThreads(),
          cuda ? Nd4j.getAffinityManager().getNumberOfDevices() : 0);
    } catch (LinkageError | RuntimeException e) {
      throw PlatformErrors.nativeLibrary(
          NativeFolders.ofNd4j().toString(), NativeFolders.problems(), e);
    }
  }

  /**
   * Compares the configured backend with the loaded one.
   *
   * @throws org.lethe.error.LetheException PLATFORM if they differ
   */
  public NativeBackend require(Choice choice) {
    boolean cuda = isCuda();
    if (choice == Choice.CUDA && !cuda) {
      throw PlatformErrors.wrongBackend(
          "nd4j-cuda",
          backend,
          "no CUDA device or no CUDA build; build with -Pcuda, check nvidia-smi, or set"
              + " lethe.platform.backend = cpu");
    }
    if (choice == Choice.CPU && cuda) {
      throw PlatformErrors.wrongBackend(
          "cpu",
          backend,
          "this is a CUDA build; build without -Pcuda or set lethe.platform.backend = nd4j-cuda");
    }
    if (choice == Choice.CUDA && devices == 0) {
      throw PlatformErrors.wrongBackend(
          "nd4j-cuda", backend, "it sees no device; check nvidia-smi");
    }
    return this;
  }

  /** The same library, used for products in another precision than that of the tensors. */
  public NativeBackend computing(String products) {
    return new NativeBackend(backend, binary, kernel + ", " + products, library, threads, devices);
  }

  /** Kernel and binary, which decide the last bits of a result. */
  public String arithmetic() {
    return kernel + ", " + binary;
  }

  /** Whether ND4J computes on a CUDA device. */
  public boolean isCuda() {
    return binary.equals("cuda");
  }

  /**
   * Returns the classifier to load, for the flags of a Linux x86-64 CPU; empty means the plain
   * binary. oneDNN, because its matrix products were measured at 1.9 to 3.8 times the speed of the
   * plain binaries.
   */
  public static Optional<String> extension(Set<String> cpuFlags) {
    if (cpuFlags.containsAll(AVX512)) {
      return Optional.of("-onednn-avx512");
    }
    return cpuFlags.containsAll(AVX2) ? Optional.of("-onednn-avx2") : Optional.empty();
  }

  /** ND4J reads Java's copy of the environment when it loads, which nobody can change. */
  private static synchronized void setThreads(int threads) {
    if (Nd4j.factory().blas().getMaxThreads() != threads) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
      Nd4j.factory().blas().setMaxThreads(threads);
    }
  }

  private static String library(String name) {
    return Loader.getLoadedLibraries().entrySet().stream()
        .filter(entry -> entry.getKey().contains(name))
        .map(Map.Entry::getValue)
        .filter(path -> path != null && !path.isEmpty())
        .min(Comparator.comparingInt(String::length))
        .orElse("unknown");
  }

  /** The path contains the classifier as a folder: .../linux-x86_64-onednn-avx512/libnd4jcpu.so. */
  private static String binary(String library) {
    for (String extension : new String[] {"onednn-avx512", "onednn-avx2", "onednn"}) {
      if (library.contains("-" + extension + "/")) {
        return extension;
      }
    }
    return "plain";
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
