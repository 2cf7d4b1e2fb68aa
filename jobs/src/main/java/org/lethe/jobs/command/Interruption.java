package org.lethe.jobs.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ends a command when a signal ends the process, so that it releases its run directory and explains
 * itself. Java calls it before it stops Spark and closes file systems. The process then ends with
 * the status that the signal stands for: 143 after SIGTERM, 130 after SIGINT.
 */
final class Interruption implements AutoCloseable {
  /** Above Spark's hook, which is above Hadoop's. */
  private static final int PRIORITY = 100;

  /** Spark's words for a job that was ended with its context or for a signal. */
  private static final Pattern CANCELLED = Pattern.compile("cancelled|shut down|stopped");

  private static final int SECONDS = 25;
  private static final int TRIES_PER_SECOND = 5;

  private final AtomicBoolean signalled = new AtomicBoolean();
  private final CountDownLatch explained = new CountDownLatch(1);
  private final Runnable hook;

  /**
   * @param cancel stops running Spark jobs, so that the command's thread fails and explains itself
   * @param explain does so in place of the command's thread, if that takes too long
   */
  Interruption(Runnable cancel, Runnable explain) {
    hook = () -> end(cancel, explain);
    ShutdownHookManager.get().addShutdownHook(hook, PRIORITY, SECONDS + 20, TimeUnit.SECONDS);
  }

  private void end(Runnable cancel, Runnable explain) {
    signalled.set(true);
    try {
      // Again and again: the command may start another job.
      for (int i = 0; i < SECONDS * TRIES_PER_SECOND; i++) {
        cancel.run();
        if (explained.await(1000 / TRIES_PER_SECOND, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    explain.run();
  }

  /** Whether a signal is the reason of a failure. */
  boolean explains(Throwable failure) {
    if (!signalled.get()) {
      return false;
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t.getClass().getName().startsWith("org.apache.spark.")
          && CANCELLED.matcher(String.valueOf(t.getMessage())).find()) {
        return true;
      }
    }
    // Its own words for a stopped context, and what else fails once Spark is going down.
    return failure instanceof IllegalStateException || failure instanceof InterruptedException;
  }

  /** Ends the watch: the command has explained itself. */
  @Override
  public void close() {
    explained.countDown();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
