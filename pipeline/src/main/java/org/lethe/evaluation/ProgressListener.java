package org.lethe.evaluation;

/** Hears how far a long stage has come. It is told counts, never text. */
@FunctionalInterface
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener SILENT = (stage, done, total) -> {};

  /**
   * @param stage what is under way, such as {@code evaluate}
   * @param done rows finished
   * @param total rows in all
   */
  void progressed(String stage, long done, long total);
}
