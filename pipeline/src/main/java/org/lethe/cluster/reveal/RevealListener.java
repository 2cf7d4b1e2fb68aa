package org.lethe.cluster.reveal;

/** Receives progress of a reveal run (counts only, never text). */
public interface RevealListener {
  /**
   * @param phase current phase
   * @param prompts prompts answered so far
   * @param most maximum number of prompts until the end of this phase
   * @param tokens tokens generated so far in this process
   */
  void progressed(RevealStep.Phase phase, long prompts, long most, long tokens);

  /**
   * Reports prompts about invented people, with whose answers the others are compared.
   *
   * @param prompts prompts answered so far
   * @param total number of these prompts
   */
  void invented(long prompts, long total);

  /**
   * Reports the judging of responses by the model. One request starts again at 0.
   *
   * @param statements statements scored so far
   * @param total number of statements of this request
   */
  void judged(long statements, long total);
}
