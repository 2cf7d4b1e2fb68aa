package org.lethe.jobs.console;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;

/**
 * How a failure ends a command: its class, and one line for a person.
 *
 * @param exitClass decides the exit status
 * @param message what was found and expected, where, and what to do
 */
public record Failure(ExitClass exitClass, String message) {

  /**
   * Chooses the most useful failure of a chain: a LetheException anywhere in it, since Spark wraps
   * exceptions of tasks; then a failure of the platform; then a defect.
   *
   * @param log where details are, for defects
   */
  public static Failure of(Throwable thrown, String log) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      if (t instanceof LetheException ours) {
        return new Failure(ours.exitClass(), ours.getMessage());
      }
    }
    seen.clear();
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      if (t instanceof OutOfMemoryError) {
        return new Failure(
            ExitClass.PLATFORM,
            "Out of memory: "
                + kindOfMemory(t)
                + " ran out; lower lethe.unlearn.batch-size or micro-batch-size, take fewer"
                + " workers, or set LETHE_HEAP (spark-submit: --driver-memory,"
                + " --executor-memory, spark.executor.memoryOverhead)");
      }
      if (t instanceof IOException io) {
        LetheException known = RunErrors.io("using", "a file of this run", io);
        if (known.exitClass() == ExitClass.PLATFORM) {
          return new Failure(known.exitClass(), known.getMessage());
        }
      }
    }
    return new Failure(
        ExitClass.INTERNAL,
        "Internal error: "
            + thrown.getClass().getName()
            + place(thrown)
            + "; this is a defect of Lethe, details without messages are in "
            + log);
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

  private static String kindOfMemory(Throwable t) {
    String text = String.valueOf(t.getMessage());
    return text.contains("heap") || text.contains("GC overhead")
        ? "the Java heap"
        : "native memory";
  }

  private static String place(Throwable thrown) {
    for (StackTraceElement element : thrown.getStackTrace()) {
      if (element.getClassName().startsWith("org.lethe.")) {
        return " at " + element.getFileName() + ":" + element.getLineNumber();
      }
    }
    return "";
  }
}
