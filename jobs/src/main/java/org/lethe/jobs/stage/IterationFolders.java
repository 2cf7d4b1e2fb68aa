package org.lethe.jobs.stage;

import java.util.Locale;
import org.lethe.run.RunDirectory;

/** Run directories of the iterations of a run. */
final class IterationFolders {
  private static final String FOLDER = "iterations";

  private IterationFolders() {}

  /**
   * The directory of one iteration.
   *
   * @param run the run directory
   * @param number of the iteration, from 1
   */
  static RunDirectory of(RunDirectory run, int number) {
    return run.nested(FOLDER).nested(String.format(Locale.ROOT, "%02d", number));
  }
}
