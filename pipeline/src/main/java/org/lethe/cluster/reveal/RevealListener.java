package org.lethe.cluster.reveal;

/** Hears how far a revelation has come. It is told counts, never text. */
public interface RevealListener {
  /** Hears nothing. */
  RevealListener SILENT =
      new RevealListener() {
        @Override
        public void progressed(RevealStep.Phase phase, long prompts, long most, long tokens) {}
      };

  /**
   * @param phase what is under way
   * @param prompts answered so far
   * @param most prompts that this phase and those before it can take
   * @param tokens generated so far in this process
   */
  void progressed(RevealStep.Phase phase, long prompts, long most, long tokens);
}
