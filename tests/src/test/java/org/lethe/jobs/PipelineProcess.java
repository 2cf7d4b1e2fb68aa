package org.lethe.jobs;

import org.lethe.run.KillSwitch;

/**
 * The command line in a child process. The process kills itself with signal 9 when it reaches the
 * phase named by the system property {@code test.kill} for the {@code test.time}-th time.
 */
public final class PipelineProcess {
  private PipelineProcess() {}

  /** As {@link Lethe#main}. */
  public static void main(String[] arguments) {
    KillSwitch.arm(System.getProperty("test.kill", ""), Integer.getInteger("test.time", 1));
    Lethe.main(arguments);
  }
}
