package org.lethe.compute.cuda;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A CUDA driver and cuBLAS that compute on the CPU, compiled by g++ from {@code
 * tests/src/test/cuda} and the kernels themselves. It is built once per process and then replaces
 * {@code libcuda.so.1}.
 */
public final class EmulatedDevice {
  private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(");
  private static final String DRIVER = "libcuda.so.1";
  private static final String CUBLAS = "libcublas.so.13";

  /** Environment variable with the folder of libraries that a parent process has built. */
  public static final String FOLDER = "LETHE_EMULATED_DEVICE";

  private static Optional<EmulatedDevice> installed = Optional.empty();

  private final Path folder;
  private final NativeLibrary driver;

  private EmulatedDevice(Path folder, NativeLibrary driver) {
    this.folder = folder;
    this.driver = driver;
  }

  /** Folder of both libraries, for child processes. */
  public Path folder() {
    return folder;
  }

  /** Whether this machine can build the emulated device. */
  public static boolean isPossible() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "g++")));
  }

  /** Builds the libraries and makes this process use them. */
  public static synchronized EmulatedDevice install() {
    if (installed.isEmpty()) {
      Path folder =
          Optional.ofNullable(System.getenv(FOLDER)).map(Path::of).orElseGet(EmulatedDevice::build);
      NativeLibrary.addSearchPath(DRIVER, folder.toString());
      NativeLibrary.addSearchPath(CUBLAS, folder.toString());
      installed = Optional.of(new EmulatedDevice(folder, NativeLibrary.getInstance(DRIVER)));
    }
    installed.get().reset();
    return installed.get();
  }

  /** Builds the libraries into a folder, the argument, for other programs. */
  public static void main(String[] arguments) throws IOException {
    build(root(), Files.createDirectories(Path.of(arguments[0])));
  }

  private static Path build() {
    try {
      Path folder = Files.createTempDirectory("lethe-emulated-cuda");
      build(root(), folder);
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(file -> file.toFile().deleteOnExit());
      }
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void build(Path root, Path folder) throws IOException {
    Path kernels = root.resolve("pipeline/src/main/cuda");
    Path emulation = root.resolve("tests/src/test/cuda");
    Path registry = folder.resolve("kernels.cpp");
    Files.writeString(registry, registry(kernels));
    compile(
        folder.resolve(DRIVER),
        List.of("-I" + emulation, "-I" + kernels),
        List.of(emulation.resolve("driver.cpp"), emulation.resolve("fibers.cpp"), registry));
    compile(
        folder.resolve(CUBLAS),
        List.of(),
        List.of(emulation.resolve("blas.cpp"), folder.resolve(DRIVER)));
  }

  /** Finds the checkout from its root or from the folder of a module. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("pipeline/src/main/cuda"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /**
   * Includes all kernel files and lists the entries of the PTX, so that sources and PTX cannot
   * differ.
   */
  private static String registry(Path kernels) throws IOException {
    StringBuilder text = new StringBuilder("#include \"kernels.h\"\n");
    for (String resource : Kernels.RESOURCES) {
      text.append("#include \"").append(kernels.resolve(resource + ".cu")).append("\"\n");
    }
    text.append("std::map<std::string, Kernel>& kernels() {\n");
    text.append("  static std::map<std::string, Kernel> all = {\n");
    names().forEach(name -> text.append("    {\"" + name + "\", kernel(" + name + ")},\n"));
    return text.append("  };\n  return all;\n}\n").toString();
  }

  /** Names of all kernels in the PTX. */
  private static Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String resource : Kernels.RESOURCES) {
      try (InputStream in = Kernels.class.getResourceAsStream(resource + ".ptx")) {
        Matcher entries = ENTRY.matcher(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        while (entries.find()) {
          names.add(entries.group(1));
        }
      }
    }
    return names;
  }

  private static void compile(Path target, List<String> options, List<Path> sources)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("g++", "-std=c++17", "-O2", "-fPIC", "-shared"));
    command.addAll(options);
    sources.forEach(source -> command.add(source.toString()));
    command.addAll(List.of("-o", target.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ":\n" + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Resets to a device of compute capability 9.0 with 8 GiB, a driver for CUDA 12.8 and no
   * failures.
   */
  public void reset() {
    function("emulation_reset").invoke(new Object[0]);
  }

  /** Changes the device's driver, number, compute capability and memory, until a reset. */
  public void describe(int driverVersion, int devices, int capability, long bytes) {
    function("emulation_device").invoke(new Object[] {driverVersion, devices, capability, bytes});
  }

  /**
   * Makes a driver function return an error code after a number of further calls.
   *
   * @param name of the function, "every call", or "a kernel" for one that was started before
   */
  public void fail(String name, int calls, int code) {
    function("emulation_fail").invoke(new Object[] {name, calls, code});
  }

  /** Launches of each kernel of the PTX since the start of this process. */
  public Map<String, Long> launches() {
    Function count = function("emulation_launches");
    Map<String, Long> launches = new TreeMap<>();
    try {
      names().forEach(name -> launches.put(name, count.invokeLong(new Object[] {name})));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return launches;
  }

  /** Number of launches of CUDA graphs since the start of this process. */
  public long graphLaunches() {
    return function("emulation_launches").invokeLong(new Object[] {"cuGraphLaunch"});
  }

  /** Bytes of allocated device memory. */
  long usedBytes() {
    return function("emulation_used_bytes").invokeLong(new Object[0]);
  }

  private Function function(String name) {
    return driver.getFunction(name);
  }
}
