package org.lethe.jobs.command;

import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.hadoop.util.ShutdownHookManager;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.run.PhaseHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a command when a signal ends the process, so that it releases its run directory and explains
 * itself. Java calls it before it stops Spark and closes file systems. The process then ends with
 * the status that the signal stands for: 143 after SIGTERM, 130 after SIGINT.
 */
final class Interruption implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);

  /** Above Spark's hook, which is above Hadoop's. */
  private static final int PRIORITY = 100;

  /** Spark's words for a job that was ended with its context or for a signal. */
  private static final Pattern CANCELLED = Pattern.compile("cancelled|shut down|stopped");

  /** Java's and Hadoop's words for what cannot begin while the process ends. */
  private static final String ENDING = "Shutdown in progress";

  /** What fails when parts of the process are gone. Other classes are findings of the command. */
  private static final Set<ExitClass> EFFECTS =
      Set.of(ExitClass.INTERNAL, ExitClass.PLATFORM, ExitClass.INTERRUPTED);

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
    try {
      ShutdownHookManager.get().addShutdownHook(hook, PRIORITY, SECONDS + 20, TimeUnit.SECONDS);
    } catch (IllegalStateException e) {
      // The signal came before the command began.
      signalled.set(true);
    }
  }

  private void end(Runnable cancel, Runnable explain) {
    signalled.set(true);
    PhaseHook.reached("signal:seen");
    try {
      // Again and again: the command may start another job.
      for (int i = 0; i < SECONDS * TRIES_PER_SECOND; i++) {
        cancel(cancel);
        if (explained.await(1000 / TRIES_PER_SECOND, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    explain.run();
  }

  private static void cancel(Runnable jobs) {
    try {
      jobs.run();
    } catch (RuntimeException e) {
      // The command is starting or stopping Spark at this moment.
      LOG.debug("Cannot cancel jobs: {}", e.getClass().getName());
    }
  }

  /**
   * Returns unless a signal has ended the process.
   *
   * @throws LetheException INTERRUPTED after a signal
   */
  void check() {
    if (signalled.get()) {
      throw RunErrors.interrupted();
    }
  }

  /** Whether a signal is the reason of a failure. */
  boolean explains(Throwable failure) {
    if (!signalled.get()) {
      return false;
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage());
      boolean cancelled =
          t.getClass().getName().startsWith("org.apache.spark.")
              && CANCELLED.matcher(message).find();
      if (cancelled || (t instanceof IllegalStateException && message.contains(ENDING))) {
        return true;
      }
    }
    return !(failure instanceof LetheException ours) || EFFECTS.contains(ours.exitClass());
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
