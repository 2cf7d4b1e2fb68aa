package org.lethe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Folder of real models and data sets. It is the one that the environment variable LETHE_SHARED
 * names or, without it, a folder named shared beside this repository.
 */
public final class SharedFolder {
  private SharedFolder() {}

  /** Returns a sub-folder, or empty if this machine does not have it. */
  public static Optional<Path> find(String name) {
    Path repository = Path.of(System.getProperty("lethe.repository", ".")).toAbsolutePath();
    return Stream.concat(
            Optional.ofNullable(System.getenv("LETHE_SHARED")).map(Path::of).stream(),
            Stream.of(
                repository.resolve("../shared").normalize(),
                repository.resolve("../../shared").normalize()))
        .map(folder -> folder.resolve(name))
        .filter(Files::isDirectory)
        .findFirst();
  }
}
