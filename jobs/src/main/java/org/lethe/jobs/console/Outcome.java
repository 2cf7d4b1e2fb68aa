package org.lethe.jobs.console;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of a command.
 *
 * @param message one line for a person
 * @param figures headline figures for result.json
 * @param paths of files and folders that were written, relative to the run directory
 */
public record Outcome(
    String message, SortedMap<String, Double> figures, SortedMap<String, String> paths) {
  public static Outcome of(String message) {
    return new Outcome(message, new TreeMap<>(), new TreeMap<>());
  }
}
