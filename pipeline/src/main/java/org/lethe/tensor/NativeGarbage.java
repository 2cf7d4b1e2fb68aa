package org.lethe.tensor;

import org.bytedeco.javacpp.Pointer;

/**
 * Frees unused memory outside the Java heap. ND4J frees an array when Java's collector finds that
 * its owner is gone. Unused small arrays can fill gigabytes long before the heap is full and the
 * collector runs by itself.
 */
public final class NativeGarbage {
  private static final long GROWTH = 1L << 30;

  private static long smallest = Long.MAX_VALUE;

  private NativeGarbage() {}

  /**
   * Runs Java's collector if this process has grown by 1 GiB since its smallest size, measured
   * again after each collection. Call it after releasing much memory, for example at the end of a
   * task or a step.
   */
  public static synchronized void collectIfGrown() {
    long resident = Pointer.physicalBytes();
    smallest = Math.min(smallest, resident);
    if (resident - smallest > GROWTH) {
      System.gc();
      smallest = Pointer.physicalBytes();
    }
  }
}
