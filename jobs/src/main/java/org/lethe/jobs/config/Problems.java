package org.lethe.jobs.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lethe.error.ConfigErrors;
import org.lethe.error.LetheException;

/** Collects the problems of a configuration, so that they are reported together. */
public final class Problems {
  private final Set<String> found = new LinkedHashSet<>();

  /** The failure for a problem that shows only once the inputs are read. */
  public static LetheException failure(String problem) {
    return ConfigErrors.problems(List.of(problem));
  }

  void add(String problem) {
    found.add(problem);
  }

  /** Fails with all problems, if there are any. */
  void raise() {
    if (!found.isEmpty()) {
      throw ConfigErrors.problems(List.copyOf(found));
    }
  }
}
