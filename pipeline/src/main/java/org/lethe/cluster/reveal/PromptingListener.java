package org.lethe.cluster.reveal;

/** Receives progress of prompting (counts only, never text). */
@FunctionalInterface
public interface PromptingListener {

  /**
   * @param responses finished responses
   * @param total requested responses
   * @param tokens tokens generated so far
   */
  void progressed(long responses, long total, long tokens);
}
