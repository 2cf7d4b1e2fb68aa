package org.lethe.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Folders into which libraries unpack their native parts. Each library has a default: a folder of
 * the user's home or java.io.tmpdir. Hardened machines mount those with noexec, and containers have
 * homes that cannot be written. {@link #prepare} then gives all libraries one folder that works.
 */
public final class NativeFolders {
  /** A library with its property, and the folder that it would use without it. */
  private record Library(String name, String property, String variable, Path standard) {}

  /** The property of ND4J's and OpenBLAS's folder. */
  public static final String JAVACPP = "org.bytedeco.javacpp.cachedir";

  private NativeFolders() {}

  /**
   * Sets the folders of libraries whose default cannot be used. Keeps what the user has set. Must
   * run before the libraries load.
   */
  public static void prepare() {
    Mounts mounts = Mounts.ofProcess();
    Optional<Path> other = Optional.empty();
    for (Library library : libraries()) {
      if (isSet(library) || isUsable(library.standard(), mounts)) {
        continue;
      }
      other = other.or(() -> usable(mounts));
      other.ifPresent(folder -> System.setProperty(library.property(), folder.toString()));
    }
  }

  /** Where ND4J's native library is unpacked. */
  public static Path ofNd4j() {
    return Path.of(
        System.getProperty(JAVACPP, home().resolve(".javacpp").resolve("cache").toString()));
  }

  /**
   * Folders that cannot be used, each with its reason; empty if every library has one that works.
   */
  public static List<String> problems() {
    Mounts mounts = Mounts.ofProcess();
    List<String> problems = new ArrayList<>();
    for (Library library : libraries()) {
      Path folder = chosen(library);
      if (!isUsable(folder, mounts)) {
        problems.add(
            library.name()
                + " unpacks native libraries into "
                + folder
                + ", which "
                + (mounts.isNoexec(folder) ? "is mounted noexec" : "cannot be written")
                + "; set "
                + UserFolder.VARIABLE
                + " to a folder from which programs may run, or -D"
                + library.property());
      }
    }
    return problems;
  }

  private static Path chosen(Library library) {
    return Optional.ofNullable(System.getProperty(library.property()))
        .or(() -> Optional.ofNullable(System.getenv(library.property())))
        .or(() -> Optional.ofNullable(System.getenv(library.variable())))
        .map(Path::of)
        .orElse(library.standard());
  }

  private static boolean isSet(Library library) {
    return System.getProperty(library.property()) != null
        || System.getenv(library.property()) != null
        || System.getenv(library.variable()) != null;
  }

  /** The first folder of the user from which libraries can be loaded. */
  private static Optional<Path> usable(Mounts mounts) {
    List<Path> candidates = new ArrayList<>(UserFolder.candidates());
    candidates.add(UserFolder.inTemporary(System.getProperty("java.io.tmpdir")));
    candidates.add(UserFolder.inTemporary("/var/tmp"));
    return candidates.stream()
        .filter(folder -> !mounts.isNoexec(folder))
        .flatMap(folder -> UserFolder.create(folder).stream())
        .map(folder -> folder.resolve("natives"))
        .flatMap(folder -> UserFolder.create(folder).stream())
        .findFirst();
  }

  private static boolean isUsable(Path folder, Mounts mounts) {
    Path existing = folder.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return Files.isDirectory(existing) && Files.isWritable(existing) && !mounts.isNoexec(folder);
  }

  private static List<Library> libraries() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Path cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .map(Path::of)
            .orElse(home().resolve(".cache"));
    return List.of(
        new Library("ND4J", JAVACPP, "", home().resolve(".javacpp").resolve("cache")),
        new Library("JNA", "jna.tmpdir", "", cache.resolve("JNA")),
        new Library(
            "The tokenizer", "ENGINE_CACHE_DIR", "DJL_CACHE_DIR", home().resolve(".djl.ai")),
        new Library("Snappy", "org.xerial.snappy.tempdir", "", temporary),
        new Library("Zstandard", "ZstdTempFolder", "", temporary));
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home"));
  }
}
