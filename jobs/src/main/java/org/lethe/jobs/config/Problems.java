package org.lethe.jobs.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lethe.error.ConfigErrors;
import org.lethe.error.LetheException;

/** What is wrong with a configuration, collected so that it can be said at once. */
public final class Problems {
  private final Set<String> found = new LinkedHashSet<>();

  /** A problem that shows only once the inputs are read. */
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
