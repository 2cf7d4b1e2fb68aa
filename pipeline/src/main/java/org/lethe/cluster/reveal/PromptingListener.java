package org.lethe.cluster.reveal;

/** Receives progress of prompting (counts only, never text). */
@FunctionalInterface
public interface PromptingListener {
  /** Ignores progress. */
  PromptingListener SILENT = (responses, total, tokens) -> {};

  /**
   * @param responses finished responses
   * @param total requested responses
   * @param tokens tokens generated so far
   */
  void progressed(long responses, long total, long tokens);
}
