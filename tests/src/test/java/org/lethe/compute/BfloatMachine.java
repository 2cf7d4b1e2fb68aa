package org.lethe.compute;

import org.junit.jupiter.api.Assumptions;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.platform.Processor;

/** The backend with BFLOAT16 products. */
public final class BfloatMachine {
  private BfloatMachine() {}

  /** Returns the backend. Skips the test on processors without such products. */
  public static HeapBackend backend() {
    boolean able = Processor.ofMachine().flags().contains("avx512_bf16");
    Assumptions.assumeTrue(able, "This processor has no BFLOAT16 products");
    return HeapBackend.ofBfloatProducts();
  }
}
