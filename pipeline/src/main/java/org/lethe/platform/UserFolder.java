package org.lethe.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.error.PlatformErrors;

/**
 * Folders of this user that nobody else can read: copies of models, native libraries, logs. The
 * first that can be written wins: {@code LETHE_CACHE}, {@code XDG_CACHE_HOME/lethe}, {@code
 * ~/.cache/lethe}, a folder with the user's name in java.io.tmpdir.
 */
public final class UserFolder {
  /** Environment variable that chooses the folder; {@code -Dlethe.cache} does so too. */
  public static final String VARIABLE = "LETHE_CACHE";

  private static final String PROPERTY = "lethe.cache";
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private UserFolder() {}

  /**
   * Returns a folder below the user's, and creates it.
   *
   * @param purpose its name
   * @throws org.lethe.error.LetheException PLATFORM if no folder can be written
   */
  public static Path of(String purpose) {
    Path root = root();
    return create(root.resolve(purpose))
        .orElseThrow(() -> PlatformErrors.noUserFolder(List.of(root.resolve(purpose).toString())));
  }

  static Path root() {
    List<Path> candidates = candidates();
    return candidates.stream()
        .flatMap(candidate -> create(candidate).stream())
        .findFirst()
        .orElseThrow(
            () -> PlatformErrors.noUserFolder(candidates.stream().map(Path::toString).toList()));
  }

  /** Folders to try, in order. A folder that the user chose is the only one. */
  static List<Path> candidates() {
    Optional<String> chosen =
        set(System.getProperty(PROPERTY)).or(() -> set(System.getenv(VARIABLE)));
    if (chosen.isPresent()) {
      return List.of(Path.of(chosen.get()).toAbsolutePath());
    }
    List<Path> candidates = new ArrayList<>();
    set(System.getenv("XDG_CACHE_HOME"))
        .map(Path::of)
        .filter(Path::isAbsolute)
        .ifPresent(folder -> candidates.add(folder.resolve("lethe")));
    Account.home().ifPresent(home -> candidates.add(home.resolve(".cache").resolve("lethe")));
    candidates.add(inTemporary(System.getProperty("java.io.tmpdir")));
    return candidates;
  }

  /** The user's folder in a folder that all users share. */
  static Path inTemporary(String shared) {
    return Path.of(shared, "lethe-" + Account.name()).toAbsolutePath();
  }

  /** Returns a private folder that this user can write, or empty if there cannot be one. */
  static Optional<Path> create(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        createWithParents(folder);
      }
      // In a shared folder, another user may have created it, to read or to replace what comes.
      boolean own = Account.owner(folder).equals(Account.id()) || Account.id().isEmpty();
      if (!own || !Files.isWritable(folder)) {
        return Optional.empty();
      }
      if (isPosix(folder)) {
        Files.setPosixFilePermissions(folder, PRIVATE);
      }
      return Optional.of(folder);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void createWithParents(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (!Files.isDirectory(parent)) {
      Files.createDirectories(parent);
    }
    Files.createDirectories(folder, attributes(parent));
  }

  /** Attributes for creating a private folder. */
  public static FileAttribute<?>[] attributes(Path parent) {
    return isPosix(parent)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static Optional<String> set(String value) {
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }
}
