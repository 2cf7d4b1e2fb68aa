package org.lethe.compute.cuda;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.lethe.error.CudaErrors;

/**
 * Functions of cuBLAS, under their native names. The library is the configured file, or the first
 * one found on the loader's path, under {@code /usr/local/cuda*} and among Python's packages.
 */
final class CublasLibrary {
  /** Newest first. */
  private static final List<String> NAMES =
      List.of("libcublas.so.13", "libcublas.so.12", "libcublas.so.11");

  private static final Set<String> SECOND_VERSIONS = Set.of("cublasCreate", "cublasGetVersion");

  private static String loaded;

  private CublasLibrary() {}

  /**
   * Loads the library, once per process.
   *
   * @param configured file, or empty to search
   * @return the file it was loaded from
   * @throws org.lethe.error.LetheException PLATFORM if there is none
   */
  static synchronized String load(Optional<String> file) {
    if (loaded == null) {
      loaded = register(file.map(List::of).orElseGet(CublasLibrary::candidates));
    }
    return loaded;
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

  /** Candidates in search order. The system's loader resolves a name without a folder. */
  private static List<String> candidates() {
    List<String> candidates = new ArrayList<>(NAMES);
    for (Path folder : folders()) {
      for (String name : NAMES) {
        if (Files.exists(folder.resolve(name))) {
          candidates.add(folder.resolve(name).toString());
        }
      }
    }
    return candidates;
  }

  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    String cudaHome = System.getenv().getOrDefault("CUDA_HOME", "/usr/local/cuda");
    folders.add(Path.of(cudaHome, "lib64"));
    children(Path.of("/usr/local"), "cuda*").forEach(f -> folders.add(f.resolve("lib64")));
    String virtual = System.getenv("VIRTUAL_ENV");
    Stream<Path> roots =
        Stream.concat(
            Optional.ofNullable(virtual).map(Path::of).stream(),
            Stream.of(Path.of("/usr"), Path.of("/usr/local")));
    roots
        .flatMap(root -> children(root.resolve("lib"), "python3*").stream())
        .flatMap(python -> Stream.of("site-packages", "dist-packages").map(python::resolve))
        .flatMap(
            packages -> Stream.of("nvidia/cublas/lib", "nvidia/cu13/lib").map(packages::resolve))
        .forEach(folders::add);
    return folders;
  }

  private static List<Path> children(Path folder, String pattern) {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
        found.forEach(children::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return children;
  }

  static native int cublasCreate(long[] handle);

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
