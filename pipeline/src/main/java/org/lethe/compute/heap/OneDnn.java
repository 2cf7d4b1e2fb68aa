package org.lethe.compute.heap;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.lethe.platform.LibraryFile;
import org.lethe.tensor.NativeBackend;

/**
 * Functions of oneDNN 3, under their native names. Handles, addresses and sizes are longs. Each
 * function returns a status, 0 for success. Source: oneDNN's developer guide, C API.
 */
final class OneDnn {
  static final int CPU = 1;
  static final int IN_ORDER = 1;
  static final int UNDEFINED_TYPE = 0;
  static final int BFLOAT16 = 2;
  static final int FLOAT = 3;
  static final int ANY_ORDER = 1;
  static final int LINEAR = 38;
  static final int WEIGHTS_LAYOUT = 131;
  static final int SOURCE = 1;
  static final int DESTINATION = 17;
  static final int WEIGHTS = 33;

  /** A bit of {@link #dnnl_get_effective_cpu_isa}: tile registers (AMX). */
  static final int TILES = 0x800;

  private static final String LIBRARY = "libdnnl.so.3";

  private static Optional<OneDnn> opened = Optional.empty();

  private final long engine;

  private OneDnn() {
    long[] handle = new long[1];
    check(dnnl_engine_create(handle, CPU, 0));
    engine = handle[0];
  }

  /**
   * The library of this process.
   *
   * @throws UnsatisfiedLinkError if it is missing or does not load
   */
  static synchronized OneDnn instance() {
    if (opened.isEmpty()) {
      // ND4J brings the OpenMP library.
      NativeBackend.loaded();
      Path file =
          LibraryFile.ofOneDnn(LIBRARY)
              .orElseThrow(() -> new UnsatisfiedLinkError("no jar contains " + LIBRARY));
      NativeLibrary library = NativeLibrary.getInstance(file.toString());
      Native.register(OneDnn.class, library);
      opened = Optional.of(new OneDnn());
    }
    return opened.get();
  }

  /** The library of this process, if it is there and loads. */
  static Optional<OneDnn> find() {
    try {
      return Optional.of(instance());
    } catch (LinkageError e) {
      return Optional.empty();
    }
  }

  long engine() {
    return engine;
  }

  /** Whether products use tile registers, which oneDNN requests from Linux. */
  boolean usesTiles() {
    return (dnnl_get_effective_cpu_isa() & TILES) != 0;
  }

  /** Runs native code with one thread, since the caller's own threads share the work. */
  <T> T onOneThread(Supplier<T> code) {
    int before = omp_get_max_threads();
    omp_set_num_threads(1);
    try {
      return code.get();
    } finally {
      omp_set_num_threads(before);
    }
  }

  /** Throws if a function failed, which shape and memory never cause. */
  static void check(int status) {
    if (status != 0) {
      throw new IllegalStateException("oneDNN failed: status " + status);
    }
  }

  static native int omp_get_max_threads();

  static native void omp_set_num_threads(int threads);

  static native int dnnl_get_effective_cpu_isa();

  static native int dnnl_engine_create(long[] engine, int kind, long index);

  static native int dnnl_stream_create(long[] stream, long engine, int flags);

  static native int dnnl_stream_destroy(long stream);

  static native int dnnl_memory_desc_create_with_strides(
      long[] description, int dimensions, long[] sizes, int type, long[] strides);

  static native int dnnl_memory_desc_create_with_tag(
      long[] description, int dimensions, long[] sizes, int type, int tag);

  static native int dnnl_memory_desc_clone(long[] copy, long description);

  static native long dnnl_memory_desc_get_size(long description);

  static native int dnnl_memory_desc_destroy(long description);

  static native int dnnl_primitive_attr_create(long[] attributes);

  static native int dnnl_primitive_attr_destroy(long attributes);

  static native int dnnl_primitive_attr_set_post_ops(long attributes, long operations);

  static native int dnnl_post_ops_create(long[] operations);

  static native int dnnl_post_ops_destroy(long operations);

  static native int dnnl_post_ops_append_eltwise(
      long operations, int algorithm, float alpha, float beta);

  static native int dnnl_post_ops_append_sum(long operations, float scale, int zeroPoint, int type);

  static native int dnnl_matmul_primitive_desc_create(
      long[] primitive,
      long engine,
      long source,
      long weights,
      long bias,
      long destination,
      long attributes);

  static native int dnnl_reorder_primitive_desc_create(
      long[] primitive,
      long source,
      long sourceEngine,
      long destination,
      long destinationEngine,
      long attributes);

  static native long dnnl_primitive_desc_query_md(long primitive, int what, int index);

  static native int dnnl_primitive_desc_destroy(long primitive);

  static native int dnnl_primitive_create(long[] primitive, long description);

  static native int dnnl_primitive_destroy(long primitive);

  static native int dnnl_memory_create(long[] memory, long description, long engine, long address);

  static native int dnnl_memory_set_data_handle(long memory, long address);

  static native int dnnl_memory_destroy(long memory);

  static native int dnnl_primitive_execute(long primitive, long stream, int count, long arguments);

  static native int dnnl_stream_wait(long stream);
}
