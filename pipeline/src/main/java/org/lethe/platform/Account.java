package org.lethe.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The account of this process. An account id without an entry in /etc/passwd, as OpenShift and
 * {@code docker --user} give, has no name and no home: Java then sets both to "?".
 */
public final class Account {
  private static final String NAME = "user.name";
  private static final String HOME = "user.home";

  private Account() {}

  /** Whether the account has a name. */
  public static boolean isNamed() {
    return isKnown(System.getProperty(NAME));
  }

  /** The account's name, or {@code uid-N} for an account without one. */
  public static String name() {
    return isNamed() ? System.getProperty(NAME) : "uid-" + id().map(String::valueOf).orElse("none");
  }

  /** The number of the account, or empty where the system does not tell. */
  static Optional<Integer> id() {
    return owner(Path.of("/proc/self"));
  }

  /** The number of a file's owner, or empty where the system does not tell. */
  static Optional<Integer> owner(Path file) {
    try {
      return Optional.of((Integer) Files.getAttribute(file, "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The home folder, or empty if there is none. Java takes it from /etc/passwd; an account without
   * an entry may have one in the environment.
   */
  static Optional<Path> home() {
    String found = System.getProperty(HOME);
    if (!isKnown(found)) {
      found = System.getenv("HOME");
    }
    return isKnown(found) && Files.isDirectory(Path.of(found))
        ? Optional.of(Path.of(found))
        : Optional.empty();
  }

  /**
   * Gives an account without an entry in /etc/passwd a home. Libraries would otherwise create a
   * folder named "?" in the working folder. Called before other classes load.
   */
  public static void completeHome() {
    if (!isKnown(System.getProperty(HOME))) {
      System.setProperty(HOME, home().orElseGet(UserFolder::root).toString());
    }
  }

  private static boolean isKnown(String value) {
    return value != null && !value.isBlank() && !value.equals("?");
  }
}
