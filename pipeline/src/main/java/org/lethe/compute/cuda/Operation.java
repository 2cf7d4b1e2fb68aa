package org.lethe.compute.cuda;

/**
 * One piece of work for a device, with all its arguments. Equal operations do the same with the
 * same device memory.
 */
@FunctionalInterface
interface Operation {
  /** Starts the work in the device's stream. */
  void start();
}
