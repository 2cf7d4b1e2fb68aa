package org.lethe.compute;

import java.util.Optional;
import org.lethe.tensor.Dtype;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Where tensors of one data type live and who computes with them. Everything above this package
 * uses these interfaces. Only a backend's own package knows whether its memory is the Java heap,
 * ND4J's memory or a device. A backend does not accept memory of another one.
 */
public interface Backend {
  /** Name for reports: {@code heap}, {@code array}. */
  String name();

  /** Data type of all tensors, FLOAT or DOUBLE. */
  DataType type();

  /** Default number of threads for its arithmetic in this process. */
  int threads();

  /**
   * Returns the arithmetic for one decoder. Only one thread may use it at a time.
   *
   * @param threads number of threads it may use, including the calling thread
   */
  Compute compute(int threads);

  /**
   * Rejects attention that this backend does not compute, before work starts.
   *
   * @throws org.lethe.error.LetheException PLATFORM if there is no kernel for it
   */
  default void requireAttention(Heads heads) {}

  /** Allocates a matrix. Its content is undefined. */
  Matrix matrix(int rows, int columns);

  /**
   * Allocates frozen weights. A backend that multiplies by 16-bit weights keeps them in their own
   * type; another one widens them to its own type.
   *
   * @param dtype type in which their file stores them
   */
  default FlatVector frozen(Dtype dtype, long length) {
    return vectors().zeros(length);
  }

  /** Bytes of one element of {@link #frozen}. */
  default int frozenBytes(Dtype dtype) {
    return type().width();
  }

  /**
   * Precision of products for records, if it is not that of the tensors: {@code bfloat16 (AMX)}.
   */
  default Optional<String> products() {
    return Optional.empty();
  }

  /**
   * Bytes of working memory in which products round the factors of a map.
   *
   * @param batch rows of inputs and outputs
   */
  default long roundingBytes(int rows, int columns, int batch) {
    return 0;
  }

  /**
   * Bytes of working memory in which products widen a frozen matrix.
   *
   * @param batch rows of the other factor
   */
  default long wideningBytes(Dtype dtype, int rows, int columns, int batch) {
    return 0;
  }

  /** Returns the arithmetic for flat vectors. It is thread-safe. */
  VectorMath vectors();
}
