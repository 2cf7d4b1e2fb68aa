package org.lethe.tensor;

import org.bytedeco.javacpp.Pointer;

/**
 * Memory outside of the Java heap that nobody uses any more. ND4J frees an array when Java's
 * collector finds that its owner is gone; what is left of small arrays fills gigabytes long before
 * the heap is full and the collector runs by itself.
 */
public final class NativeGarbage {
  private static final long GROWTH = 1L << 30;

  private static long smallest = Long.MAX_VALUE;

  private NativeGarbage() {}

  /**
   * Runs Java's collector if this process has grown by 1 GiB since it was smallest, counted anew
   * after each collection. For places where much was just let go of: a task's or a step's end.
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
