package org.lethe.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** A native library that Lethe loads itself, as a file of this machine. */
public final class LibraryFile {
  private LibraryFile() {}

  /**
   * The library from the jar of a cluster, where it is packed, or else from the class path.
   *
   * @param group folder of the packed libraries
   * @param name of the file
   * @param resource on the class path
   * @return the file, or empty if no jar contains the library
   */
  public static Optional<Path> find(String group, String name, String resource) {
    Optional<Path> packed = PackedNatives.folder(group).map(folder -> folder.resolve(name));
    if (packed.isPresent() || LibraryFile.class.getResource(resource) == null) {
      return packed;
    }
    try {
      return Optional.of(Loader.cacheResource(LibraryFile.class, resource).toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
