package org.lethe.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The process that holds a run directory.
 *
 * @param host name of the machine
 * @param pid process id on that machine
 * @param processStarted start time of the process, to distinguish it from a later one with the same
 *     id; empty if the platform does not provide it
 * @param acquired time when the lock was taken
 * @param application the cluster's application id, the same for every attempt of one application,
 *     or empty outside a cluster
 * @param token distinguishes two holders in one process
 */
record LockOwner(
    String host,
    long pid,
    String processStarted,
    String acquired,
    String application,
    String token) {

  /** The owner of a lock file that is still empty. */
  static final LockOwner UNKNOWN = new LockOwner("an unknown host", 0, "", "unknown", "", "");

  /** Returns this process as owner. */
  static LockOwner self(Optional<String> application) {
    ProcessHandle process = ProcessHandle.current();
    return new LockOwner(
        hostName(),
        process.pid(),
        started(process),
        Instant.now().toString(),
        application.orElse(""),
        UUID.randomUUID().toString());
  }

  /** Whether the owner has certainly ended: its process is gone, or this attempt replaces it. */
  boolean isSurelyGone(LockOwner self) {
    if (!application.isEmpty() && application.equals(self.application) && !sameProcess(self)) {
      // The cluster runs one attempt of an application at a time.
      return true;
    }
    if (!host.equals(self.host)) {
      return false;
    }
    Optional<ProcessHandle> alive = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    return alive.isEmpty()
        || (!processStarted.isEmpty() && !processStarted.equals(started(alive.get())));
  }

  String describe() {
    return "process " + pid + " on " + host + ", since " + acquired;
  }

  private boolean sameProcess(LockOwner other) {
    return host.equals(other.host)
        && pid == other.pid
        && processStarted.equals(other.processStarted);
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("unknown");
    }
  }
}
