package org.lethe.jobs.console;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.lethe.run.Stages;

/**
 * Progress of one stage with the time left. On a terminal each line overwrites the last. Elsewhere
 * a round has a line of its own, and other work has at most one line every few seconds, so that a
 * batch log stays short.
 */
public final class Progress {
  private static final long SECOND = 1_000_000_000L;
  private static final long REDRAW = SECOND / 10;
  private static final long NEW_LINE = 5 * SECOND;
  private static final int BAR = 24;
  private static final int WIDTH = 100;

  private final Terminal terminal;
  private final String stage;
  private final long started;
  private final Map<String, Counted> counts = new HashMap<>();
  private long shown;
  private int drawn;

  /**
   * What was counted in one unit.
   *
   * @param first first number
   * @param time time of the first number
   * @param last last number
   */
  private record Counted(long first, long time, long last) {}

  /**
   * Begins a stage.
   *
   * @param stage its name
   */
  public Progress(Terminal terminal, String stage) {
    this.terminal = terminal;
    this.stage = stage;
    this.started = terminal.nanoTime().getAsLong();
    this.shown = started - NEW_LINE;
  }

  /**
   * Shows the progress, if some time has passed since it was shown last. A stage may count several
   * units in turn. A number below the last one of its unit begins a new count.
   *
   * @param unit that is counted, such as rows
   * @param detail current figures, may be empty
   */
  public synchronized void update(long done, long total, String unit, String detail) {
    long now = terminal.nanoTime().getAsLong();
    long pause = terminal.interactive() ? REDRAW : NEW_LINE;
    print(done, total, unit, detail, now, done >= total || now - shown >= pause);
  }

  /** Shows the progress of something that deserves a line of its own, such as a round. */
  public synchronized void show(long done, long total, String unit, String detail) {
    if (terminal.interactive()) {
      update(done, total, unit, detail);
    } else {
      print(done, total, unit, detail, terminal.nanoTime().getAsLong(), true);
    }
  }

  private void print(long done, long total, String unit, String detail, long now, boolean isShown) {
    Counted counted = counts.get(unit);
    // A resumed stage begins in the middle; its speed counts from here.
    counted =
        counted == null || done < counted.last()
            ? new Counted(done, now, done)
            : new Counted(counted.first(), counted.time(), done);
    counts.put(unit, counted);
    if (!isShown) {
      return;
    }
    boolean last = done >= total;
    shown = now;
    String line =
        String.format(
            Locale.ROOT,
            "%-9s %s %d/%d %s%s%s",
            stage,
            terminal.interactive() ? bar(done, total) : percent(done, total),
            done,
            total,
            unit,
            last ? "" : left(counted, total, now),
            detail.isEmpty() ? "" : "  " + detail);
    if (terminal.interactive()) {
      draw(line);
    } else {
      terminal.line(line.stripTrailing());
    }
  }

  /**
   * Ends the stage, and marks a result that an earlier run computed.
   *
   * @param result summary of the stage
   */
  public void finish(String result, Stages.Outcome outcome) {
    finish(outcome.skipped() ? result + ", done before" : result);
  }

  /** Ends the stage with a final line. */
  public synchronized void finish(String summary) {
    String line =
        String.format(
            Locale.ROOT,
            "%-9s %s (%s)",
            stage,
            summary,
            duration(terminal.nanoTime().getAsLong() - started));
    if (terminal.interactive()) {
      draw(line);
      terminal.out().println();
    } else {
      terminal.line(line);
    }
    drawn = 0;
  }

  /** Ends the current line, for messages of a failure. */
  public synchronized void abandon() {
    if (drawn > 0) {
      terminal.out().println();
      drawn = 0;
    }
  }

  /** A length of time in words. */
  static String duration(long nanos) {
    long seconds = Math.round((double) nanos / SECOND);
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", (double) nanos / SECOND);
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
  }

  private void draw(String line) {
    String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
    terminal.out().print("\r" + cut + " ".repeat(Math.max(0, drawn - cut.length())));
    terminal.out().flush();
    drawn = cut.length();
  }

  /** Prints a remark on a line of its own. */
  public synchronized void note(String text) {
    abandon();
    terminal.line("note: " + text);
  }

  private static String left(Counted counted, long total, long now) {
    long done = counted.last() - counted.first();
    if (done <= 0) {
      return "";
    }
    double perUnit = (double) (now - counted.time()) / done;
    return ", " + duration((long) (perUnit * (total - counted.last()))) + " left";
  }

  private static String bar(long done, long total) {
    int full = total == 0 ? BAR : (int) (BAR * Math.min(done, total) / total);
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }

  private static String percent(long done, long total) {
    return String.format(Locale.ROOT, "%3d %%", total == 0 ? 100 : 100 * done / total);
  }
}
