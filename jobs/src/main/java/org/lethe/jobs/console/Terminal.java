package org.lethe.jobs.console;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * The terminal of a person. Results and progress go to the output, failures to the error stream.
 *
 * @param out for progress and results
 * @param err for failures
 * @param interactive whether a carriage return may overwrite a line
 * @param nanoTime the clock of progress
 */
public record Terminal(
    PrintStream out, PrintStream err, boolean interactive, LongSupplier nanoTime) {

  /** The terminal of this process. The launcher sets whether it is interactive. */
  public static Terminal ofProcess() {
    String launched = System.getProperty("lethe.terminal", "");
    boolean interactive =
        launched.isEmpty()
            ? System.console() != null && !"dumb".equals(System.getenv("TERM"))
            : Boolean.parseBoolean(launched);
    return new Terminal(System.out, System.err, interactive, System::nanoTime);
  }

  public void line(String text) {
    out.println(text);
  }
}
