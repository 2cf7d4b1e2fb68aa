package org.lethe.platform;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/** The memory that native libraries of this process allocate by malloc. */
public final class NativeHeap {
  private NativeHeap() {}

  /**
   * Returns freed memory to the operating system. glibc keeps what small pieces took: 400 MB after
   * a tokenizer of 262,144 words. Does nothing with another C library.
   */
  public static void trim() {
    try {
      Function trim = NativeLibrary.getInstance("c").getFunction("malloc_trim");
      trim.invokeInt(new Object[] {0L});
    } catch (LinkageError e) {
      // Only glibc has the function.
    }
  }
}
