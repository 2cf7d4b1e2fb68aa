package org.lethe.error;

/** How a command ended, as the process exit status and as the word in result.json. */
public enum ExitClass {
  SUCCESS(0),
  /** A defect of ours. */
  INTERNAL(1),
  /** Flags or configuration. */
  USAGE(2),
  /** Model or data cannot be used. */
  INPUT(3),
  /** The result was made and a gate refused it. */
  GATE(4),
  /** The run directory is in use, or its inputs changed. */
  CONFLICT(5),
  /** NaN, infinity, or collapse. */
  DIVERGED(6),
  /** Training changed nothing. */
  NO_EFFECT(7),
  /** Backend, device or memory is not what was asked for. */
  PLATFORM(8);

  private final int status;

  ExitClass(int status) {
    this.status = status;
  }

  /** The process exit status. */
  public int status() {
    return status;
  }
}
