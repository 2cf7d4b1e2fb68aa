package org.lethe.evaluation;

/** Receives progress of a long stage (counts only, never text). */
@FunctionalInterface
public interface ProgressListener {
  /** Ignores progress. */
  ProgressListener SILENT = (stage, done, total) -> {};

  /**
   * Reports progress.
   *
   * @param stage name of the stage, such as {@code evaluate}
   * @param done finished rows
   * @param total all rows
   */
  void progressed(String stage, long done, long total);
}
