package org.lethe.jobs;

import org.lethe.run.KillSwitch;

/**
 * The command line in a process of its own, which kills itself with signal 9 when it comes to the
 * phase that the system property {@code test.kill} names for the {@code test.time}-th time.
 */
public final class PipelineProcess {
  private PipelineProcess() {}

  /** As {@link Lethe#main}. */
  public static void main(String[] arguments) {
    KillSwitch.arm(System.getProperty("test.kill", ""), Integer.getInteger("test.time", 1));
    Lethe.main(arguments);
  }
}
