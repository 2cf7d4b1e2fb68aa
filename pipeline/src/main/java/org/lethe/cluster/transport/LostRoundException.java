package org.lethe.cluster.transport;

/**
 * A round that cannot be completed, although nothing is wrong with its work: a process that held a
 * part of the state is gone. The state of the last checkpoint is needed to repeat it.
 */
public final class LostRoundException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LostRoundException(String message) {
    super(message);
  }

  LostRoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
