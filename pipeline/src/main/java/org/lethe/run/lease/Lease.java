package org.lethe.run.lease;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.run.RunDirectory;
import org.lethe.store.Ownership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of a run directory. The owner renews its file every sixth of the duration. Without
 * renewal for the whole duration, another run takes it over. An owner that has certainly ended
 * loses it at once: its process is gone from the process table that both share, or it was an
 * earlier attempt of the same cluster application.
 *
 * <p>Before each publication the owner reads the file again. If it finds another owner, it stops
 * with CONFLICT and publishes nothing. Tasks on executors do the same with a {@link LeaseTicket}.
 * So two runs never both write, even if a paused process continues after its lease has ended.
 */
public final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final int RENEWALS = 6;

  private final RunDirectory directory;
  private final LeaseFile file;
  private final String token;
  private final Runnable whenLost;
  private Optional<String> taker = Optional.empty();
  private final Ownership.Check check = this::confirm;
  private Pulse.Running pulse = () -> {};

  private Lease(RunDirectory directory, LeaseFile file, String token, Runnable whenLost) {
    this.directory = directory;
    this.file = file;
    this.token = token;
    this.whenLost = whenLost;
  }

  /**
   * Takes the directory. Creates it if it does not exist.
   *
   * @param application the cluster's application id, if there is one
   * @param duration time without renewal after which another run takes over
   * @param whenLost called once, by another thread, if the lease is lost
   * @throws LetheException CONFLICT if another run holds the directory
   */
  public static Lease acquire(
      RunDirectory directory, Optional<String> application, Duration duration, Runnable whenLost) {
    return acquire(
        directory,
        LeaseFile.of(directory, Pause.sleeping()),
        LeaseOwner.self(application),
        duration,
        Pulse.ofThread(),
        whenLost);
  }

  static Lease acquire(
      RunDirectory directory,
      LeaseFile file,
      LeaseOwner self,
      Duration duration,
      Pulse pulse,
      Runnable whenLost) {
    String token = UUID.randomUUID().toString();
    Lease lease = new Lease(directory, file, token, whenLost);
    try {
      directory.create();
      take(
          directory,
          file,
          new LeaseDocument(
              LeaseDocument.FORMAT,
              token,
              self,
              Instant.now().toString(),
              Math.max(1, duration.toSeconds()),
              0));
    } catch (IOException e) {
      throw RunErrors.io("locking", directory.toString(), e);
    }
    Ownership.claim(directory.root(), lease.check);
    lease.pulse = pulse.every(duration.dividedBy(RENEWALS), lease::renew);
    return lease;
  }

  private static void take(RunDirectory directory, LeaseFile file, LeaseDocument wanted)
      throws IOException {
    if (file.create(wanted)) {
      return;
    }
    Optional<LeaseFile.Seen> seen = file.read();
    if (seen.isPresent()) {
      LeaseDocument other = seen.get().document();
      Duration left = left(file, seen.get(), wanted);
      if (!left.isNegative()) {
        throw RunErrors.inUse(directory.toString(), other.describe(), left.toSeconds() + 1);
      }
      LOG.warn("Taking over the run directory from {}, which has ended", other.describe());
      if (file.replace(seen.get(), wanted)) {
        return;
      }
    } else if (file.create(wanted)) {
      return;
    }
    throw RunErrors.inUse(
        directory.toString(), "another process, which took it at the same time", wanted.seconds());
  }

  /** Returns the time until a lease ends unless it is renewed; negative if it has ended. */
  private static Duration left(LeaseFile file, LeaseFile.Seen seen, LeaseDocument self)
      throws IOException {
    if (seen.document().owner().isSurelyGone(self.owner())) {
      return Duration.ofSeconds(-1);
    }
    Duration duration = seen.document().duration(Duration.ofSeconds(self.seconds()));
    return duration.minus(Duration.between(seen.written(), file.now()));
  }

  /** Renews the lease. The next call repeats a renewal that failed. */
  private synchronized void renew() {
    if (taker.isPresent()) {
      return;
    }
    try {
      Optional<LeaseFile.Seen> seen = file.read();
      if (seen.filter(now -> now.isOf(token)).isEmpty()
          || !file.replace(seen.get(), seen.get().document().renewed())) {
        lose(file.read());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot renew the lease of {}: {}", directory, e.toString());
    }
  }

  private void lose(Optional<LeaseFile.Seen> seen) {
    taker =
        Optional.of(
            seen.filter(now -> !now.isOf(token))
                .map(now -> now.document().describe())
                .orElse("'lethe unlock' or another process"));
    LOG.error("Lost the lease of {} to {}; stopping", directory, taker.get());
    whenLost.run();
  }

  synchronized void confirm(Path target) {
    if (taker.isEmpty()) {
      try {
        Optional<LeaseFile.Seen> seen = file.read();
        if (seen.filter(now -> now.isOf(token)).isEmpty()) {
          lose(seen);
        }
      } catch (IOException e) {
        throw RunErrors.io("reading the lease of", directory.toString(), e);
      }
    }
    if (taker.isPresent()) {
      throw RunErrors.lostLease(directory.toString(), taker.get(), target.toString());
    }
  }

  /** Returns the failure of a run that has lost its lease. */
  public synchronized Optional<LetheException> lost() {
    return taker.map(
        other -> RunErrors.lostLease(directory.toString(), other, directory.result().toString()));
  }

  /** Returns what tasks on executors check before they publish. */
  public LeaseTicket ticket() {
    return new LeaseTicket(directory.root().toString(), token);
  }

  /**
   * Releases the directory although the work goes on, because a signal is ending the process. This
   * process publishes nothing more in it.
   */
  public void abandon() {
    Ownership.claim(
        directory.root(),
        target -> {
          throw RunErrors.interrupted();
        });
    close();
  }

  /**
   * Returns who holds a run directory, if anybody does. Writes nothing but a probe of the clock.
   */
  public static Optional<Holder> holder(RunDirectory directory) {
    LeaseFile file = LeaseFile.of(directory, Pause.sleeping());
    try {
      Optional<LeaseFile.Seen> seen = file.read();
      if (seen.isEmpty()) {
        return Optional.empty();
      }
      LeaseDocument found = seen.get().document();
      boolean gone = found.owner().isSurelyGone(LeaseOwner.self(Optional.empty()));
      Duration age = Duration.between(seen.get().written(), file.now());
      boolean alive = !gone && age.compareTo(found.duration(Duration.ofMinutes(1))) <= 0;
      return Optional.of(new Holder(found.describe(), alive));
    } catch (IOException e) {
      throw RunErrors.io("reading the lease of", directory.toString(), e);
    }
  }

  /**
   * The owner of a run directory.
   *
   * @param description process, host and time, for a message
   * @param alive whether the lease has not ended
   */
  public record Holder(String description, boolean alive) {}

  /** Releases the directory. Keeps the file if another run has taken over. */
  @Override
  public void close() {
    pulse.stop();
    synchronized (this) {
      Ownership.release(directory.root(), check);
      try {
        Optional<LeaseFile.Seen> seen = file.read().filter(now -> now.isOf(token));
        if (seen.isPresent()) {
          file.delete(seen.get());
        }
      } catch (IOException | LetheException e) {
        LOG.warn("Cannot delete {}; the next run takes it over", directory.lockFile());
      }
    }
  }

  /**
   * Ends the lease of a run that was killed, before its time. Watches for half of the duration
   * whether the owner renews it.
   *
   * @return one line that says what was found
   * @throws LetheException CONFLICT if the owner is alive
   */
  public static String unlock(RunDirectory directory) {
    Pause pause = Pause.sleeping();
    return unlock(
        directory, LeaseFile.of(directory, pause), LeaseOwner.self(Optional.empty()), pause);
  }

  static String unlock(RunDirectory directory, LeaseFile file, LeaseOwner self, Pause pause) {
    try {
      Optional<LeaseFile.Seen> before = file.read();
      if (before.isEmpty()) {
        return directory + " is not locked.";
      }
      LeaseDocument found = before.get().document();
      if (!found.owner().isSurelyGone(self)) {
        Duration duration = found.duration(Duration.ofMinutes(1));
        Duration age = Duration.between(before.get().written(), file.now());
        if (age.compareTo(duration) <= 0) {
          pause.take(duration.dividedBy(2));
        }
      }
      Optional<LeaseFile.Seen> after = file.read();
      if (after.filter(now -> !now.document().equals(found)).isPresent()) {
        throw RunErrors.stillAlive(directory.toString(), after.get().document().describe());
      }
      file.delete(before.get());
      return "Unlocked " + directory + ", which was held by " + found.describe() + ".";
    } catch (IOException e) {
      throw RunErrors.io("unlocking", directory.toString(), e);
    }
  }
}
