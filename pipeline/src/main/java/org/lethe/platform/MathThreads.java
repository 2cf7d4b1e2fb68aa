package org.lethe.platform;

import java.util.Map;
import java.util.Optional;

/**
 * The number of threads of linear algebra in this process, whatever started it.
 *
 * <p>A user's {@code OMP_NUM_THREADS} wins. Otherwise each of {@code LETHE_WORKERS} workers, 2 by
 * default, has an equal share of the cores. The driver passes an executor the number of its tasks'
 * cores as {@code OMP_NUM_THREADS}.
 */
public final class MathThreads {
  public static final String VARIABLE = "OMP_NUM_THREADS";

  private static final String WORKERS = "LETHE_WORKERS";
  private static final int DEFAULT_WORKERS = 2;

  private MathThreads() {}

  /** Returns the number for this process. */
  public static int ofProcess() {
    return of(System.getenv(), Runtime.getRuntime().availableProcessors());
  }

  static int of(Map<String, String> environment, int cores) {
    int workers = positive(environment.get(WORKERS)).orElse(DEFAULT_WORKERS);
    return positive(environment.get(VARIABLE)).orElse(Math.max(1, cores / workers));
  }

  /** Sets the number for libraries that load later and read it from the environment. */
  public static void choose() {
    NativeEnvironment.set(VARIABLE, String.valueOf(ofProcess()));
  }

  private static Optional<Integer> positive(String value) {
    try {
      return Optional.ofNullable(value)
          .map(text -> Integer.parseInt(text.strip()))
          .filter(number -> number > 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
