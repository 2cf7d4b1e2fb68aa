package org.lethe.run;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code iterations.json}: what each iteration of reveal and release did. It holds counts and
 * figures, no text.
 *
 * @param format version of this document
 * @param before figures of the model that was given, on what the first iteration held out
 * @param lines one per iteration, in order
 * @param kept the iteration whose model goes to the gates, relative to the run directory
 * @param stop why there is no further one; empty while there may be
 */
public record Iterations(
    int format, SortedMap<String, Double> before, List<Line> lines, String kept, String stop) {
  /** The current format. */
  public static final int FORMAT = 1;

  /** The file, relative to the run directory. */
  public static final String FILE = "iterations.json";

  /**
   * One iteration.
   *
   * @param number from 1
   * @param path relative to the run directory
   * @param prompts about what is to be forgotten
   * @param rows revealed that were trained on
   * @param dropped responses by why they were not
   * @param after figures of the model that it made
   */
  public record Line(
      int number,
      String path,
      long prompts,
      int rows,
      SortedMap<String, Integer> dropped,
      SortedMap<String, Double> after) {
    public Line {
      dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
      after = Collections.unmodifiableSortedMap(new TreeMap<>(after));
    }
  }

  public Iterations {
    before = Collections.unmodifiableSortedMap(new TreeMap<>(before));
    lines = List.copyOf(lines);
  }
}
