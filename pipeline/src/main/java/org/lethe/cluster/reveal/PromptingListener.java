package org.lethe.cluster.reveal;

/** Hears how far prompting has come. It is told counts, never text. */
@FunctionalInterface
public interface PromptingListener {
  /** Hears nothing. */
  PromptingListener SILENT = (responses, total, tokens) -> {};

  /**
   * @param responses finished
   * @param total asked for
   * @param tokens generated so far
   */
  void progressed(long responses, long total, long tokens);
}
