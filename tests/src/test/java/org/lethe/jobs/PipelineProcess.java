package org.lethe.jobs;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.lethe.run.PhaseHook;

/**
 * The command line in a process of its own, which kills itself with signal 9 when it comes to the
 * phase that the system property {@code test.kill} names for the {@code test.time}-th time.
 */
public final class PipelineProcess {
  private PipelineProcess() {}

  /** As {@link Lethe#main}. */
  public static void main(String[] arguments) {
    String wanted = System.getProperty("test.kill", "");
    AtomicInteger left = new AtomicInteger(Integer.getInteger("test.time", 1));
    PhaseHook.install(
        phase -> {
          if (phase.equals(wanted) && left.decrementAndGet() == 0) {
            killThisProcess();
          }
        });
    Lethe.main(arguments);
  }

  private static void killThisProcess() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
