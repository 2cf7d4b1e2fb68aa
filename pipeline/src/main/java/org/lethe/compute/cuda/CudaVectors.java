package org.lethe.compute.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.compute.VectorMath;

/**
 * Arithmetic of flat vectors on a CUDA device. Sums are computed piece by piece; the pieces are
 * added in order, in double.
 */
final class CudaVectors implements VectorMath {
  private static final int MOST_BLOCKS = 4096;
  private static final int THREADS = 256;
  private static final int SUMS = 3;

  private final CudaSession session;

  CudaVectors(CudaSession session) {
    this.session = session;
  }

  private static long address(FlatVector vector) {
    return ((CudaVector) vector).address();
  }

  /** Starts a kernel over all elements. Passes their number as the last argument. */
  private void elements(String kernel, long count, Object... arguments) {
    Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = count;
    int blocks = (int) Math.min(MOST_BLOCKS, (count + THREADS - 1) / THREADS);
    session.launch(kernel, Grid.blocks(blocks, 1, 1), all);
  }

  @Override
  public FlatVector zeros(long length) {
    CudaVector vector = CudaVector.allocate(session, length);
    fill(0, vector);
    return vector;
  }

  @Override
  public void copy(FlatVector x, FlatVector y) {
    session.copy(address(x), address(y), Float.BYTES * x.length());
  }

  @Override
  public void fill(double value, FlatVector x) {
    elements("fill", x.length(), (float) value, address(x));
  }

  @Override
  public void axpby(double alpha, FlatVector x, double beta, FlatVector y) {
    elements("add_scaled", x.length(), alpha, address(x), beta, address(y));
  }

  @Override
  public void weightedSum(List<FlatVector> vectors, double[] weights, FlatVector result) {
    long[] addresses = vectors.stream().mapToLong(CudaVectors::address).toArray();
    elements("weighted_sum", result.length(), addresses, weights, weights.length, address(result));
  }

  @Override
  public List<InnerProducts> innerProducts(FlatVector a, FlatVector b, long... ends) {
    if (ends.length == 0 || ends[ends.length - 1] != a.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid parts: end at %s of %d elements",
              Arrays.toString(ends),
              a.length()));
    }
    return products("inner_products", Pieces.of(ends), ends.length, address(a), address(b));
  }

  /** Runs a kernel that computes three sums for each piece. */
  private List<InnerProducts> products(
      String kernel, Pieces pieces, int parts, Object... arguments) {
    double[] sums = new double[SUMS * pieces.count()];
    try (DeviceDoubles results = new DeviceDoubles(session, sums.length)) {
      Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
      all[arguments.length] = pieces.bounds();
      all[arguments.length + 1] = results.address();
      session.launch(kernel, Grid.blocks(pieces.count(), 1, 1), all);
      results.download(sums);
    }
    double[] totals = new double[SUMS * parts];
    for (int piece = 0; piece < pieces.count(); piece++) {
      for (int i = 0; i < SUMS; i++) {
        totals[SUMS * pieces.parts()[piece] + i] += sums[SUMS * piece + i];
      }
    }
    List<InnerProducts> products = new ArrayList<>();
    for (int i = 0; i < totals.length; i += SUMS) {
      products.add(new InnerProducts(totals[i], totals[i + 1], totals[i + 2]));
    }
    return products;
  }

  @Override
  public double norm(FlatVector a) {
    return (float) Math.sqrt(squaredNorm(a));
  }

  @Override
  public OptionalLong firstNonFinite(FlatVector a) {
    Pieces pieces = Pieces.of(a.length());
    double[] places = new double[pieces.count()];
    try (DeviceDoubles results = new DeviceDoubles(session, places.length)) {
      session.launch(
          "first_non_finite",
          Grid.blocks(pieces.count(), 1, 1),
          address(a),
          pieces.bounds(),
          results.address());
      results.download(places);
    }
    return Arrays.stream(places)
        .filter(place -> place >= 0)
        .mapToLong(place -> (long) place)
        .findFirst();
  }

  /** Address of the second term, or 0 if there is only one term. */
  private static long secondVector(List<Term> direction) {
    return direction.size() > 1 ? address(direction.get(1).vector()) : 0;
  }

  private static double secondWeight(List<Term> direction) {
    return direction.size() > 1 ? direction.get(1).weight() : 0;
  }

  @Override
  public void adamW(
      List<Term> direction,
      FlatVector parameters,
      FlatVector first,
      FlatVector second,
      AdamWStep step) {
    elements(
        "adamw",
        parameters.length(),
        address(parameters),
        address(first),
        address(second),
        address(direction.get(0).vector()),
        direction.get(0).weight(),
        secondVector(direction),
        secondWeight(direction),
        (float) step.beta1(),
        (float) (1 - step.beta1()),
        (float) step.beta2(),
        (float) (1 - step.beta2()),
        (float) step.keep(),
        (float) step.rate(),
        (float) (1 / step.rootCorrection()),
        (float) step.epsilon());
  }

  @Override
  public void sgd(
      List<Term> direction, FlatVector parameters, Optional<FlatVector> momentum, SgdStep step) {
    elements(
        "sgd",
        parameters.length(),
        address(parameters),
        momentum.map(CudaVectors::address).orElse(0L),
        address(direction.get(0).vector()),
        direction.get(0).weight(),
        secondVector(direction),
        secondWeight(direction),
        step.momentum(),
        step.keep(),
        step.rate());
  }

  @Override
  public InnerProducts adamWProducts(Term a, Term b, FlatVector second, AdamWStep step) {
    return products(
            "adaptive_products",
            Pieces.of(second.length()),
            1,
            address(a.vector()),
            address(b.vector()),
            address(second),
            a.weight(),
            b.weight(),
            (float) step.beta2(),
            (float) (1 - step.beta2()),
            (float) (1 / step.rootCorrection()),
            (float) step.epsilon())
        .get(0);
  }

  @Override
  public void selectBySign(Term a, Term b) {
    elements(
        "select_by_sign",
        a.vector().length(),
        address(a.vector()),
        a.weight(),
        address(b.vector()),
        b.weight());
  }
}
