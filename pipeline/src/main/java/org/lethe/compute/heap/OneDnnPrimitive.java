package org.lethe.compute.heap;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import org.lethe.compute.Compute.Form;

/** An operation that oneDNN has compiled for one shape. Only one thread at a time may use it. */
final class OneDnnPrimitive implements AutoCloseable {
  private static final int ARGUMENT_BYTES = 16;
  private static final int[] FACTORS = {OneDnn.SOURCE, OneDnn.WEIGHTS, OneDnn.DESTINATION};
  private static final int[] COPY = {OneDnn.SOURCE, OneDnn.DESTINATION};

  /**
   * A product of row-major matrices: C = alpha op(A) op(B) + beta C, with A and B in BFLOAT16.
   *
   * @param m rows of C
   * @param n columns of C
   * @param k summands
   * @param strideA elements from one row of A, as it lies in memory, to the next
   */
  record Product(
      int m,
      int n,
      int k,
      Form formA,
      int strideA,
      Form formB,
      int strideB,
      int strideC,
      float alpha,
      float beta) {}

  /**
   * A product C = A B + beta C whose second factor is a {@link PackedFactor}. Its columns and rows
   * are n and k.
   */
  record PackedProduct(int m, int n, int k, int strideA, int strideC, float beta) {}

  /** Frees what nobody closed, since a decoder's arithmetic has no end of its own. */
  private static final Cleaner CLEANER = Cleaner.create();

  /** What oneDNN allocated. */
  private record Handles(long primitive, long stream, long[] memories) implements Runnable {
    @Override
    public void run() {
      for (long memory : memories) {
        OneDnn.check(OneDnn.dnnl_memory_destroy(memory));
      }
      OneDnn.check(OneDnn.dnnl_stream_destroy(stream));
      OneDnn.check(OneDnn.dnnl_primitive_destroy(primitive));
    }
  }

  private final OneDnn library;
  private final Handles handles;
  private final Memory arguments;
  private final Cleaner.Cleanable cleanable;

  /**
   * @param description of the primitive
   * @param roles of its arguments
   * @param layouts of its arguments
   */
  private OneDnnPrimitive(OneDnn library, long description, int[] roles, long[] layouts) {
    this.library = library;
    long[] memories = new long[roles.length];
    arguments = new Memory((long) roles.length * ARGUMENT_BYTES);
    long[] handle = new long[1];
    OneDnn.check(OneDnn.dnnl_primitive_create(handle, description));
    long primitive = handle[0];
    OneDnn.check(OneDnn.dnnl_stream_create(handle, library.engine(), OneDnn.IN_ORDER));
    long stream = handle[0];
    for (int i = 0; i < roles.length; i++) {
      OneDnn.check(OneDnn.dnnl_memory_create(handle, layouts[i], library.engine(), 0));
      memories[i] = handle[0];
      arguments.setInt((long) i * ARGUMENT_BYTES, roles[i]);
      arguments.setLong((long) i * ARGUMENT_BYTES + Long.BYTES, memories[i]);
    }
    handles = new Handles(primitive, stream, memories);
    cleanable = CLEANER.register(this, handles);
  }

  /** Compiles a product. Its addresses are those of A, B and C. */
  static OneDnnPrimitive of(OneDnn library, Product shape) {
    return library.onOneThread(
        () -> {
          long[] layouts = {
            layout(OneDnn.BFLOAT16, shape.m(), shape.k(), shape.formA(), shape.strideA()),
            layout(OneDnn.BFLOAT16, shape.k(), shape.n(), shape.formB(), shape.strideB()),
            layout(OneDnn.FLOAT, shape.m(), shape.n(), Form.AS_IS, shape.strideC())
          };
          long attributes = attributes(shape.alpha(), shape.beta());
          long[] description = new long[1];
          OneDnn.check(
              OneDnn.dnnl_matmul_primitive_desc_create(
                  description,
                  library.engine(),
                  layouts[0],
                  layouts[1],
                  0,
                  layouts[2],
                  attributes));
          OneDnn.check(OneDnn.dnnl_primitive_attr_destroy(attributes));
          OneDnnPrimitive product = create(library, description[0], FACTORS, layouts);
          for (long layout : layouts) {
            OneDnn.check(OneDnn.dnnl_memory_desc_destroy(layout));
          }
          return product;
        });
  }

  /** Compiles a product. Its addresses are those of A, of the packed factor and of C. */
  static OneDnnPrimitive of(OneDnn library, PackedProduct shape, PackedFactor factor) {
    return library.onOneThread(
        () -> {
          long a = layout(OneDnn.BFLOAT16, shape.m(), shape.k(), Form.AS_IS, shape.strideA());
          long c = layout(OneDnn.FLOAT, shape.m(), shape.n(), Form.AS_IS, shape.strideC());
          long attributes = attributes(1, shape.beta());
          long[] description = new long[1];
          OneDnn.check(
              OneDnn.dnnl_matmul_primitive_desc_create(
                  description, library.engine(), a, factor.layout(), 0, c, attributes));
          OneDnn.check(OneDnn.dnnl_primitive_attr_destroy(attributes));
          OneDnnPrimitive product =
              create(library, description[0], FACTORS, new long[] {a, factor.layout(), c});
          OneDnn.check(OneDnn.dnnl_memory_desc_destroy(a));
          OneDnn.check(OneDnn.dnnl_memory_desc_destroy(c));
          return product;
        });
  }

  /**
   * Compiles the rounding of FLOAT elements that follow each other to BFLOAT16: to the nearest,
   * ties to even. Its addresses are those of the elements and of the results.
   */
  static OneDnnPrimitive ofRounding(OneDnn library, int count) {
    long from = layout(OneDnn.FLOAT, 1, count, Form.AS_IS, count);
    long to = layout(OneDnn.BFLOAT16, 1, count, Form.AS_IS, count);
    OneDnnPrimitive rounding = ofCopy(library, from, to);
    OneDnn.check(OneDnn.dnnl_memory_desc_destroy(from));
    OneDnn.check(OneDnn.dnnl_memory_desc_destroy(to));
    return rounding;
  }

  /** Compiles a copy from one layout to another. */
  static OneDnnPrimitive ofCopy(OneDnn library, long from, long to) {
    return library.onOneThread(
        () -> {
          long[] description = new long[1];
          OneDnn.check(
              OneDnn.dnnl_reorder_primitive_desc_create(
                  description, from, library.engine(), to, library.engine(), 0));
          return create(library, description[0], COPY, new long[] {from, to});
        });
  }

  private static OneDnnPrimitive create(
      OneDnn library, long description, int[] roles, long[] layouts) {
    OneDnnPrimitive created = new OneDnnPrimitive(library, description, roles, layouts);
    OneDnn.check(OneDnn.dnnl_primitive_desc_destroy(description));
    return created;
  }

  static long layout(int type, int rows, int columns, Form form, int stride) {
    long[] description = new long[1];
    boolean asIs = form == Form.AS_IS;
    OneDnn.check(
        OneDnn.dnnl_memory_desc_create_with_strides(
            description,
            2,
            new long[] {rows, columns},
            type,
            new long[] {asIs ? stride : 1, asIs ? 1 : stride}));
    return description[0];
  }

  /** What happens to the sums before they are written. */
  private static long attributes(float alpha, float beta) {
    long[] handle = new long[1];
    OneDnn.check(OneDnn.dnnl_post_ops_create(handle));
    long operations = handle[0];
    if (alpha != 1) {
      OneDnn.check(OneDnn.dnnl_post_ops_append_eltwise(operations, OneDnn.LINEAR, alpha, 0));
    }
    if (beta != 0) {
      OneDnn.check(OneDnn.dnnl_post_ops_append_sum(operations, beta, 0, OneDnn.UNDEFINED_TYPE));
    }
    OneDnn.check(OneDnn.dnnl_primitive_attr_create(handle));
    OneDnn.check(OneDnn.dnnl_primitive_attr_set_post_ops(handle[0], operations));
    OneDnn.check(OneDnn.dnnl_post_ops_destroy(operations));
    return handle[0];
  }

  /** Runs the operation on this thread alone, on memory at these addresses. */
  void run(long... addresses) {
    long[] memories = handles.memories();
    for (int i = 0; i < memories.length; i++) {
      OneDnn.check(OneDnn.dnnl_memory_set_data_handle(memories[i], addresses[i]));
    }
    library.onOneThread(
        () -> {
          OneDnn.check(
              OneDnn.dnnl_primitive_execute(
                  handles.primitive(),
                  handles.stream(),
                  memories.length,
                  Pointer.nativeValue(arguments)));
          OneDnn.check(OneDnn.dnnl_stream_wait(handles.stream()));
          return this;
        });
  }

  @Override
  public void close() {
    cleanable.clean();
    arguments.close();
  }
}
