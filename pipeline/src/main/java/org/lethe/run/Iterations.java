package org.lethe.run;

import java.util.List;
import java.util.SortedMap;

/**
 * {@code iterations.json}: result of each iteration of reveal and release. Contains counts and
 * figures, no text.
 *
 * @param format version of this document
 * @param before figures of the input model on the facts that the first iteration held out
 * @param lines one entry per iteration, in order
 * @param kept the iteration whose model goes to the gates, relative to the run directory
 * @param stop reason why no further iteration follows; empty while iterations continue
 */
public record Iterations(
    int format, SortedMap<String, Double> before, List<Line> lines, String kept, String stop) {
  /** Current version of this document. */
  public static final int FORMAT = 1;

  /** Path relative to the run directory. */
  public static final String FILE = "iterations.json";

  /**
   * One iteration.
   *
   * @param number number of the iteration, from 1
   * @param path path relative to the run directory
   * @param prompts number of prompts about the forget topics
   * @param rows number of revealed rows used for training
   * @param dropped numbers of dropped responses by reason
   * @param after figures of the resulting model
   */
  public record Line(
      int number,
      String path,
      long prompts,
      int rows,
      SortedMap<String, Integer> dropped,
      SortedMap<String, Double> after) {
    public Line {
      dropped = SortedCopy.of(dropped);
      after = SortedCopy.of(after);
    }
  }

  public Iterations {
    before = SortedCopy.of(before);
    lines = List.copyOf(lines);
  }
}
