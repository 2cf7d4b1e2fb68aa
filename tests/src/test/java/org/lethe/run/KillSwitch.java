package org.lethe.run;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends a process as a machine's failure would: with signal 9, at a place that it comes to. */
public final class KillSwitch {
  private KillSwitch() {}

  /**
   * This process kills itself when it comes to the phase.
   *
   * @param time the how-manieth time, from 1
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
