package org.lethe.error;

import java.util.List;

/** What can go wrong with flags and configuration files. */
public final class ConfigErrors {
  private ConfigErrors() {}

  /** All problems at once: a first line that counts them, then one line each. */
  public static LetheException problems(List<String> problems) {
    String message =
        problems.size() == 1
            ? "Invalid configuration: " + problems.get(0)
            : "Invalid configuration, "
                + problems.size()
                + " problems:\n  - "
                + String.join("\n  - ", problems);
    return new LetheException(ExitClass.USAGE, message);
  }

  public static LetheException unreadable(String file, String reason) {
    return new LetheException(ExitClass.USAGE, "Cannot read configuration " + file + ": " + reason);
  }

  public static LetheException malformedOverride(String found) {
    return new LetheException(
        ExitClass.USAGE,
        "Invalid --set: '" + found + "'; expected key=value, for example lethe.unlearn.rounds=20");
  }

  public static LetheException includeRefused(String what, String file) {
    return new LetheException(
        ExitClass.USAGE,
        "Include refused: '"
            + what
            + "' in "
            + file
            + "; only files beside the including file or below it may be included");
  }
}
