package org.lethe.compute.heap;

import org.lethe.compute.Compute.Form;

/** A copy of the second factor of products in BFLOAT16, in the order in which oneDNN reads it. */
final class PackedFactor implements AutoCloseable {
  /** Rows of the product for which the order is chosen. */
  private static final int ROWS = 16;

  private static final int ALIGNMENT = 64;

  private final long layout;
  private final HeapMatrix memory;

  private PackedFactor(long layout, HeapMatrix memory) {
    this.layout = layout;
    this.memory = memory;
  }

  /**
   * Copies a factor.
   *
   * @param k rows of op(b)
   * @param n columns of op(b)
   * @param address of b's first element, in FLOAT
   * @param stride elements from one row of b to the next
   */
  static PackedFactor of(OneDnn library, int k, int n, Form form, long address, int stride) {
    return library.onOneThread(
        () -> {
          long layout = best(library, k, n);
          long elements = OneDnn.dnnl_memory_desc_get_size(layout) / Float.BYTES + ALIGNMENT;
          PackedFactor packed = new PackedFactor(layout, HeapMatrix.scratch(elements));
          long from = OneDnnPrimitive.layout(OneDnn.FLOAT, k, n, form, stride);
          try (OneDnnPrimitive copy = OneDnnPrimitive.ofCopy(library, from, layout)) {
            copy.run(address, packed.address());
          }
          OneDnn.check(OneDnn.dnnl_memory_desc_destroy(from));
          return packed;
        });
  }

  /** The order that oneDNN prefers. */
  private static long best(OneDnn library, int k, int n) {
    long[] handle = new long[1];
    OneDnn.check(
        OneDnn.dnnl_memory_desc_create_with_tag(
            handle, 2, new long[] {k, n}, OneDnn.BFLOAT16, OneDnn.ANY_ORDER));
    long any = handle[0];
    long a = OneDnnPrimitive.layout(OneDnn.BFLOAT16, ROWS, k, Form.AS_IS, k);
    long c = OneDnnPrimitive.layout(OneDnn.FLOAT, ROWS, n, Form.AS_IS, n);
    OneDnn.check(
        OneDnn.dnnl_matmul_primitive_desc_create(handle, library.engine(), a, any, 0, c, 0));
    long product = handle[0];
    OneDnn.check(
        OneDnn.dnnl_memory_desc_clone(
            handle, OneDnn.dnnl_primitive_desc_query_md(product, OneDnn.WEIGHTS_LAYOUT, 0)));
    OneDnn.check(OneDnn.dnnl_primitive_desc_destroy(product));
    for (long layout : new long[] {any, a, c}) {
      OneDnn.check(OneDnn.dnnl_memory_desc_destroy(layout));
    }
    return handle[0];
  }

  long layout() {
    return layout;
  }

  long address() {
    return (memory.address(0, 0) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  @Override
  public void close() {
    memory.close();
    OneDnn.check(OneDnn.dnnl_memory_desc_destroy(layout));
  }
}
