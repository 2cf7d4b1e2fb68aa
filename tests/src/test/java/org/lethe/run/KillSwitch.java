package org.lethe.run;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends a process with signal 9 at a given phase, as a machine failure would. */
public final class KillSwitch {
  private KillSwitch() {}

  /**
   * Makes this process kill itself when it reaches the phase.
   *
   * @param time number of the occurrence, from 1
   */
  public static void arm(String wanted, int time) {
    AtomicInteger left = new AtomicInteger(time);
    PhaseHook.install(
        phase -> {
          if (phase.equals(wanted) && left.decrementAndGet() == 0) {
            killThisProcess();
          }
        });
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
