package org.lethe.compute.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The places where cuBLAS may be: the loader's path, which {@code LD_LIBRARY_PATH} extends, CUDA's
 * folders, and NVIDIA's packages among those of Python.
 *
 * @param environment variables of the process
 * @param root of the file system
 */
record CublasSearch(Map<String, String> environment, Path root) {
  /** Newest first. */
  private static final List<String> NAMES =
      List.of("libcublas.so.13", "libcublas.so.12", "libcublas.so.11");

  static CublasSearch ofProcess() {
    return new CublasSearch(System.getenv(), Path.of("/"));
  }

  /** Candidates in search order. The system's loader resolves a name without a folder. */
  List<String> candidates() {
    List<String> candidates = new ArrayList<>(NAMES);
    for (Path folder : Stream.concat(ofCuda(), ofPython()).distinct().toList()) {
      for (String name : NAMES) {
        if (Files.exists(folder.resolve(name))) {
          candidates.add(folder.resolve(name).toString());
        }
      }
    }
    return candidates;
  }

  /** The folder of the environment comes first, then {@code /usr/local/cuda}, then versions. */
  private Stream<Path> ofCuda() {
    Path local = root.resolve("usr/local");
    return Stream.of(
            variable("CUDA_HOME"),
            variable("CUDA_PATH"),
            Stream.of(local.resolve("cuda")),
            children(local, "cuda-*").stream())
        .flatMap(folders -> folders)
        .map(cuda -> cuda.resolve("lib64"));
  }

  /** Packages of the active environment come first, then those of the user and of the system. */
  private Stream<Path> ofPython() {
    Stream<Path> environments = Stream.concat(variable("VIRTUAL_ENV"), variable("CONDA_PREFIX"));
    Stream<Path> user = variable("HOME").map(home -> home.resolve(".local"));
    Stream<Path> system = Stream.of(root.resolve("usr"), root.resolve("usr/local"));
    return Stream.concat(Stream.concat(environments, user), system)
        .flatMap(prefix -> children(prefix.resolve("lib"), "python3*").stream())
        .flatMap(python -> Stream.of("site-packages", "dist-packages").map(python::resolve))
        .flatMap(
            packages -> Stream.of("nvidia/cu13/lib", "nvidia/cublas/lib").map(packages::resolve));
  }

  private Stream<Path> variable(String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isBlank())
        .map(Path::of)
        .stream();
  }

  /** Readable folders, last name first, so that the choice does not depend on the disk. */
  private static List<Path> children(Path folder, String pattern) {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder) && Files.isReadable(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
        found.forEach(children::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    children.sort(Comparator.reverseOrder());
    return children;
  }
}
