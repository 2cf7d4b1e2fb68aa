package org.lethe.run.lease;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Waits. Tests do not. */
@FunctionalInterface
interface Pause {
  void take(Duration duration) throws IOException;

  /** Returns a pause that sleeps. */
  static Pause sleeping() {
    return duration -> {
      try {
        Thread.sleep(duration.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for a lease");
      }
    };
  }
}
