package org.lethe.jobs.console;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.platform.KnownFailures;

/**
 * How a failure ends a command: its class, and one line for a person.
 *
 * @param exitClass decides the exit status
 * @param message what was found and expected, where, and what to do
 */
public record Failure(ExitClass exitClass, String message) {
  private static final int FRAMES = 4;

  /**
   * Chooses the most useful failure of a chain: a LetheException anywhere in it, since Spark wraps
   * exceptions of tasks; then a failure of the platform; then a defect.
   *
   * @param log where details are, for defects
   * @param versions of this program and its libraries, for defects
   */
  public static Failure of(Throwable thrown, String log, String versions) {
    Optional<LetheException> known = KnownFailures.find(thrown);
    String problem =
        known
            .map(LetheException::getMessage)
            .orElseGet(() -> "Internal error: " + thrown.getClass().getName() + frames(thrown));
    ExitClass exitClass = known.map(LetheException::exitClass).orElse(ExitClass.INTERNAL);
    return new Failure(
        exitClass,
        exitClass == ExitClass.INTERNAL
            ? problem
                + "; this is a defect of Lethe: please report this line ("
                + versions
                + "); details without messages are in "
                + log
            : problem);
  }

  /**
   * The failure for the log: classes and places of the whole chain. Messages of foreign exceptions
   * are left out, since they may quote rows of a corpus.
   */
  public static String trace(Throwable thrown) {
    StringBuilder trace = new StringBuilder();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      trace.append(trace.length() == 0 ? "" : "caused by ").append(t.getClass().getName());
      if (t instanceof LetheException) {
        trace.append(": ").append(t.getMessage());
      }
      trace.append('\n');
      for (StackTraceElement element : t.getStackTrace()) {
        trace.append("    at ").append(element).append('\n');
      }
    }
    return trace.toString();
  }

  /** The frames of Lethe that are nearest to the defect, and the class of its first cause. */
  private static String frames(Throwable thrown) {
    Throwable root = thrown;
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    while (root.getCause() != null && seen.add(root)) {
      root = root.getCause();
    }
    List<String> frames =
        Arrays.stream(root.getStackTrace())
            .filter(element -> element.getClassName().startsWith("org.lethe."))
            .limit(FRAMES)
            .map(element -> element.getFileName() + ":" + element.getLineNumber())
            .toList();
    return (root == thrown ? "" : " by " + root.getClass().getName())
        + (frames.isEmpty() ? "" : " at " + String.join(" < ", frames));
  }
}
