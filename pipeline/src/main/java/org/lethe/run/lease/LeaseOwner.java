package org.lethe.run.lease;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The process that holds a run directory.
 *
 * @param host name of the machine
 * @param processes the process table that contains {@code pid}: boot and PID namespace; empty if
 *     the platform does not provide it
 * @param pid process id in that table
 * @param processStarted start time of the process, to distinguish it from a later one with the same
 *     id; empty if the platform does not provide it
 * @param application the cluster's application id, the same for every attempt of one application,
 *     or empty outside a cluster
 */
record LeaseOwner(
    String host, String processes, long pid, String processStarted, String application) {

  LeaseOwner {
    // Lock files of older versions lack some fields.
    host = Objects.requireNonNullElse(host, "an unknown host");
    processes = Objects.requireNonNullElse(processes, "");
    processStarted = Objects.requireNonNullElse(processStarted, "");
    application = Objects.requireNonNullElse(application, "");
  }

  /** Returns this process as owner. */
  static LeaseOwner self(Optional<String> application) {
    ProcessHandle process = ProcessHandle.current();
    return new LeaseOwner(
        hostName(), processTable(), process.pid(), started(process), application.orElse(""));
  }

  /**
   * Whether the owner has certainly ended: its process is gone from the process table that this
   * process shares, or this attempt of the application replaces it.
   */
  boolean isSurelyGone(LeaseOwner self) {
    if (!application.isEmpty() && application.equals(self.application) && !isSameProcess(self)) {
      // The cluster runs one attempt of an application at a time.
      return true;
    }
    if (processes.isEmpty() || !processes.equals(self.processes)) {
      return false;
    }
    Optional<ProcessHandle> alive = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    return alive.isEmpty()
        || (!processStarted.isEmpty() && !processStarted.equals(started(alive.get())));
  }

  String describe() {
    return "process " + pid + " on " + host;
  }

  private boolean isSameProcess(LeaseOwner other) {
    return processes.equals(other.processes)
        && host.equals(other.host)
        && pid == other.pid
        && processStarted.equals(other.processStarted);
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  /** Containers and pods have the host name of their machine but other process tables. */
  private static String processTable() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return "";
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("an unknown host");
    }
  }
}
