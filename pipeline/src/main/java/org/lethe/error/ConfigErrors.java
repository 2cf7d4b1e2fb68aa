package org.lethe.error;

import java.util.List;

/** Failures of flags and configuration files. */
public final class ConfigErrors {
  private ConfigErrors() {}

  /** All problems at once: a first line with their number, then one line for each problem. */
  public static LetheException problems(List<String> problems) {
    if (problems.size() == 1) {
      return ExitClass.USAGE.failure("Invalid configuration: %s", problems.get(0));
    }
    return ExitClass.USAGE.failure(
        "Invalid configuration, %d problems:\n  - %s",
        problems.size(), String.join("\n  - ", problems));
  }

  public static LetheException unreadable(String file, String reason) {
    return ExitClass.USAGE.failure("Cannot read configuration %s: %s", file, reason);
  }

  /** Shows the first word only: others may be a value that is a secret. */
  public static LetheException malformedOverride(String found) {
    String[] words = found.split("\\s", 2);
    return ExitClass.USAGE.failure(
        "Invalid --set: '%s'; expected key=value, for example lethe.unlearn.rounds=20",
        words.length > 1 ? words[0] + " ..." : found);
  }

  public static LetheException includeRefused(String what, String file) {
    return ExitClass.USAGE.failure(
        "Include refused: '%s' in %s; a file may include only files in its own folder or below it",
        what, file);
  }
}
