package org.lethe.run.lease;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Repeats the renewal of a lease. Tests call it themselves. */
@FunctionalInterface
interface Pulse {
  /** Ends the repetition. */
  @FunctionalInterface
  interface Running {
    void stop();
  }

  Running every(Duration interval, Runnable beat);

  /** Returns a pulse with a daemon thread. */
  static Pulse ofThread() {
    return (interval, beat) -> {
      ScheduledExecutorService thread =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread created = new Thread(work, "lethe-lease");
                created.setDaemon(true);
                return created;
              });
      var unused =
          thread.scheduleWithFixedDelay(
              beat, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
      return thread::shutdownNow;
    };
  }
}
