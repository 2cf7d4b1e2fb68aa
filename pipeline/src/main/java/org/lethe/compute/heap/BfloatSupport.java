package org.lethe.compute.heap;

import org.lethe.error.PlatformErrors;
import org.lethe.platform.Processor;

/** oneDNN's products of BFLOAT16 matrices with a FLOAT result. */
final class BfloatSupport {
  private static final String FLAG = "avx512_bf16";

  private BfloatSupport() {}

  /**
   * The library, on a machine that has the products.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the processor lacks them, or the library
   *     does not load
   */
  static OneDnn open() {
    requireSupport(Processor.ofMachine());
    try {
      return OneDnn.instance();
    } catch (LinkageError e) {
      throw PlatformErrors.noBfloatProducts("oneDNN does not load: " + e.getMessage());
    }
  }

  /** Rejects a processor without the products. */
  static void requireSupport(Processor processor) {
    if (!processor.flags().contains(FLAG)) {
      throw PlatformErrors.noBfloatProducts(
          "its processor ("
              + (processor.model().isEmpty() ? "unknown" : processor.model())
              + ") lacks "
              + FLAG);
    }
  }

  /** Kind of the products, for records. */
  static String kernel(OneDnn library) {
    return library.usesTiles() ? "bfloat16 (AMX)" : "bfloat16 (AVX-512)";
  }
}
