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
   * A library of oneDNN, from the jar of a cluster, where it is packed, or else from the class
   * path.
   *
   * @param name of the file
   * @return the file, or empty if no jar contains it
   */
  public static Optional<Path> ofOneDnn(String name) {
    Optional<Path> packed = PackedNatives.folder(PackedNatives.ONEDNN);
    if (packed.isPresent()) {
      return packed.map(folder -> folder.resolve(name));
    }
    String resource = "/org/bytedeco/dnnl/linux-x86_64/" + name;
    if (LibraryFile.class.getResource(resource) == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Loader.cacheResource(LibraryFile.class, resource).toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
