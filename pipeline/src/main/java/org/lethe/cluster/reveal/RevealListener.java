package org.lethe.cluster.reveal;

/** Receives progress of a reveal run (counts only, never text). */
public interface RevealListener {
  /** Ignores progress. */
  RevealListener SILENT =
      new RevealListener() {
        @Override
        public void progressed(RevealStep.Phase phase, long prompts, long most, long tokens) {}
      };

  /**
   * @param phase current phase
   * @param prompts prompts answered so far
   * @param most maximum number of prompts until the end of this phase
   * @param tokens tokens generated so far in this process
   */
  void progressed(RevealStep.Phase phase, long prompts, long most, long tokens);
}
