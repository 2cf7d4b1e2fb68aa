package org.lethe.compute.cuda;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Graphs;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.compute.Products;
import org.lethe.compute.VectorMath;
import org.lethe.tensor.Dtype;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * FLOAT on an NVIDIA GPU of compute capability 8.0 or newer. Frozen weights in BFLOAT16 stay so.
 */
public final class CudaBackend implements Backend {
  private static final Map<Opening, CudaSession> SESSIONS = new HashMap<>();

  private record Opening(int ordinal, Graphs graphs) {}

  private final CudaSession session;
  private final Products products;

  private CudaBackend(CudaSession session, Products products) {
    this.session = session;
    this.products = products;
  }

  /**
   * Opens a device. The process opens each device only once.
   *
   * @param ordinal index among the devices visible to the process
   * @param products precision of matrix products
   * @param cublas file of cuBLAS, or empty to search for it
   * @param graphs whether recurring work is replayed from CUDA graphs
   * @throws org.lethe.error.LetheException PLATFORM if driver, device, cuBLAS or kernels are not
   *     usable
   */
  public static synchronized CudaBackend open(
      int ordinal, Products products, Optional<String> cublas, Graphs graphs) {
    Opening opening = new Opening(ordinal, graphs);
    CudaSession session = SESSIONS.get(opening);
    if (session == null) {
      session = CudaSession.open(ordinal, cublas, graphs);
      SESSIONS.put(opening, session);
    }
    return of(session, products);
  }

  /** As {@link #open(int, Products, Optional, Graphs)}, without graphs. */
  public static CudaBackend open(int ordinal, Products products, Optional<String> cublas) {
    return open(ordinal, products, cublas, Graphs.OFF);
  }

  static CudaBackend of(CudaSession session, Products products) {
    return new CudaBackend(session, products);
  }

  /**
   * Description of a device, for reports.
   *
   * @param device its name
   * @param capability its compute capability
   * @param driver newest CUDA version that the driver supports: 1000 major + 10 minor
   * @param cublas file of cuBLAS
   * @param cublasVersion version of cuBLAS: 10000 major + 100 minor + patch
   * @param kernels number of loaded kernels
   * @param freeBytes device memory that is not in use
   */
  public record Description(
      String device,
      String capability,
      int driver,
      String cublas,
      int cublasVersion,
      int kernels,
      long freeBytes) {}

  /** Describes the device in its current state. */
  public Description description() {
    Device device = session.device();
    return new Description(
        device.name(),
        device.capability(),
        device.driverVersion(),
        session.cublas().library(),
        session.cublas().version(),
        session.kernels().count(),
        session.memory().freeBytes());
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public DataType type() {
    return DataType.FLOAT;
  }

  /** Returns 1: a single thread starts the device's work. */
  @Override
  public int threads() {
    return 1;
  }

  @Override
  public void requireAttention(Heads heads) {
    CudaAttention.require(heads);
  }

  @Override
  public Compute compute(int threads) {
    return new CudaCompute(session, products);
  }

  @Override
  public Matrix matrix(int rows, int columns) {
    long bytes = Float.BYTES * (long) rows * columns;
    return CudaMatrix.of(session, session.memory().allocateLasting(bytes), 0, rows, columns);
  }

  @Override
  public FlatVector frozen(Dtype dtype, long length) {
    return dtype == Dtype.BF16 ? CudaHalfVector.allocate(session, length) : vectors().zeros(length);
  }

  @Override
  public int frozenBytes(Dtype dtype) {
    return dtype == Dtype.BF16 ? dtype.bytes() : type().width();
  }

  /** Precision, device and library, which decide the last bits of a result. */
  @Override
  public Optional<String> products() {
    int version = session.cublas().version();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s on %s by cuBLAS %d.%d",
            products.name().toLowerCase(Locale.ROOT),
            session.device().name(),
            version / 10_000,
            version % 10_000 / 100));
  }

  @Override
  public long roundingBytes(int rows, int columns, int batch) {
    return products == Products.BFLOAT16 ? CudaProducts.roundedBytes(rows, columns, batch) : 0;
  }

  @Override
  public long wideningBytes(Dtype dtype, int rows, int columns, int batch) {
    return dtype == Dtype.BF16 ? CudaProducts.cutBytes(products, rows, columns, batch) : 0;
  }

  @Override
  public VectorMath vectors() {
    return new CudaVectors(session);
  }
}
