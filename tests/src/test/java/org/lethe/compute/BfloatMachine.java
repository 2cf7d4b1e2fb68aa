package org.lethe.compute;

import org.junit.jupiter.api.Assumptions;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.platform.Processor;
import org.lethe.tensor.NativeBackend;

/** The backend with BFLOAT16 products. */
public final class BfloatMachine {
  private BfloatMachine() {}

  /** Returns the backend. Skips the test on machines without such products. */
  public static HeapBackend backend() {
    boolean able =
        Processor.ofMachine().flags().contains("avx512_bf16")
            && NativeBackend.loaded().binary().equals("onednn-avx512");
    Assumptions.assumeTrue(able, "This processor or binary has no BFLOAT16 products");
    return HeapBackend.ofBfloatProducts();
  }
}
