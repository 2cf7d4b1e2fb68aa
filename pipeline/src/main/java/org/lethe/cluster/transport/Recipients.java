package org.lethe.cluster.transport;

/** Who needs the combined vectors of a round. */
public enum Recipients {
  /** The driver alone. It sends the state of the next round. */
  DRIVER,
  /** The workers alone. Their next round starts from the averages. */
  WORKERS,
  /** The workers, whose next round starts from the averages, and the driver. */
  DRIVER_AND_WORKERS;

  boolean includeWorkers() {
    return this != DRIVER;
  }

  boolean includeDriver() {
    return this != WORKERS;
  }
}
