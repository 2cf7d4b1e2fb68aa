package org.lethe.jobs.console;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a command made.
 *
 * @param message one line for a person
 * @param figures headline figures for result.json
 * @param paths what was made, relative to the run directory
 */
public record Outcome(
    String message, SortedMap<String, Double> figures, SortedMap<String, String> paths) {
  public static Outcome of(String message) {
    return new Outcome(message, new TreeMap<>(), new TreeMap<>());
  }
}
