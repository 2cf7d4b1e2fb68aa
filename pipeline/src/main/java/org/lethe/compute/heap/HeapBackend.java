package org.lethe.compute.heap;

import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.compute.VectorMath;
import org.lethe.tensor.Dtype;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** FLOAT on the CPU: loops over Java arrays and the BLAS that ND4J's CPU backend loaded. */
public final class HeapBackend implements Backend {
  private final Optional<OneDnn> bfloat;

  /** Products of FLOAT factors. */
  public HeapBackend() {
    this(Optional.empty());
  }

  private HeapBackend(Optional<OneDnn> bfloat) {
    this.bfloat = bfloat;
  }

  /**
   * Products of factors rounded to BFLOAT16.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the processor lacks them or the library does
   *     not load
   */
  public static HeapBackend ofBfloatProducts() {
    return new HeapBackend(Optional.of(BfloatSupport.open()));
  }

  @Override
  public String name() {
    return "heap";
  }

  @Override
  public DataType type() {
    return DataType.FLOAT;
  }

  /** Returns ND4J's thread count, which follows OMP_NUM_THREADS. */
  @Override
  public int threads() {
    return Nd4j.getEnvironment().maxThreads();
  }

  @Override
  public Compute compute(int threads) {
    return new FloatCompute(threads, bfloat);
  }

  @Override
  public Matrix matrix(int rows, int columns) {
    return HeapMatrix.allocate(rows, columns);
  }

  @Override
  public FlatVector frozen(Dtype dtype, long length) {
    return isHalf(dtype) ? HalfVector.allocate(dtype, length) : vectors().zeros(length);
  }

  @Override
  public int frozenBytes(Dtype dtype) {
    return isHalf(dtype) ? dtype.bytes() : type().width();
  }

  @Override
  public long wideningBytes(Dtype dtype, int rows, int columns, int batch) {
    return isHalf(dtype)
        ? type().width() * FloatProducts.widenedElements(rows, columns, batch, threads())
        : 0;
  }

  @Override
  public Optional<String> products() {
    return bfloat.map(BfloatSupport::kernel);
  }

  @Override
  public long roundingBytes(int rows, int columns, int batch) {
    return bfloat.isPresent() ? BfloatProducts.roundedBytes(rows, columns, batch) : 0;
  }

  private static boolean isHalf(Dtype dtype) {
    return dtype == Dtype.F16 || dtype == Dtype.BF16;
  }

  @Override
  public VectorMath vectors() {
    return HeapVectors.INSTANCE;
  }
}
