package org.lethe.jobs.console;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Where a person reads. Results and progress go to the output, failures to the error stream.
 *
 * @param out for progress and results
 * @param err for failures
 * @param interactive whether a line may be drawn over with a carriage return
 * @param nanoTime the clock of progress
 */
public record Terminal(
    PrintStream out, PrintStream err, boolean interactive, LongSupplier nanoTime) {

  /** The terminal of this process. The launcher says whether its output is one. */
  public static Terminal ofProcess() {
    String told = System.getProperty("lethe.terminal", "");
    boolean interactive =
        told.isEmpty()
            ? System.console() != null && !"dumb".equals(System.getenv("TERM"))
            : Boolean.parseBoolean(told);
    return new Terminal(System.out, System.err, interactive, System::nanoTime);
  }

  public void line(String text) {
    out.println(text);
  }
}
