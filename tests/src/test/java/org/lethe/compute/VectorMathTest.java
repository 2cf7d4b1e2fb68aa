package org.lethe.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.VectorMath.AdamWStep;
import org.lethe.compute.VectorMath.SgdStep;
import org.lethe.compute.VectorMath.Term;
import org.lethe.compute.array.ArrayBackend;
import org.lethe.compute.heap.HeapBackend;
import org.nd4j.linalg.api.buffer.DataType;

/** Compares every backend with plain loops in double. */
final class VectorMathTest {
  private static final int BLOCK = 1 << 14;
  private static final int LENGTH = 3 * BLOCK + 7;

  static List<Backend> backends() {
    return List.of(
        new HeapBackend(), new ArrayBackend(DataType.FLOAT), new ArrayBackend(DataType.DOUBLE));
  }

  private static double precision(Backend backend) {
    return backend.type() == DataType.FLOAT ? 1e-6 : 1e-14;
  }

  private static FlatVector random(Backend backend, long seed) {
    return Vectors.normal(backend, LENGTH, seed);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void innerProductsAgreeWithPlainSums(Backend backend) {
    FlatVector a = random(backend, 1);
    FlatVector b = random(backend, 2);
    double[] x = Vectors.values(a);
    double[] y = Vectors.values(b);
    double first = 0;
    double second = 0;
    double mixed = 0;
    for (int i = 0; i < x.length; i++) {
      first += x[i] * x[i];
      second += y[i] * y[i];
      mixed += x[i] * y[i];
    }

    InnerProducts products = backend.vectors().innerProducts(a, b);

    assertThat(products.first()).isCloseTo(first, within(1e-9 * first));
    assertThat(products.second()).isCloseTo(second, within(1e-9 * second));
    assertThat(products.mixed()).isCloseTo(mixed, within(1e-9 * first));
    assertThat(products.isFinite()).isTrue();
    assertThat(backend.vectors().squaredNorm(a)).isCloseTo(first, within(1e-9 * first));
    assertThat(backend.vectors().norm(a)).isCloseTo(Math.sqrt(first), within(1e-3));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void innerProductsOfPartsAgreeWithTheirSlices(Backend backend) {
    FlatVector a = random(backend, 1);
    FlatVector b = random(backend, 2);
    long[] ends = {1, 4, BLOCK, 2L * BLOCK + 3, LENGTH};

    List<InnerProducts> parts = backend.vectors().innerProducts(a, b, ends);

    long from = 0;
    for (int i = 0; i < ends.length; i++) {
      FlatVector x = a.slice(from, ends[i] - from);
      FlatVector y = b.slice(from, ends[i] - from);
      InnerProducts slice = backend.vectors().innerProducts(x, y);
      assertThat(parts.get(i).first()).isCloseTo(slice.first(), within(1e-12 * slice.first()));
      assertThat(parts.get(i).second()).isCloseTo(slice.second(), within(1e-12 * slice.second()));
      assertThat(parts.get(i).mixed()).isCloseTo(slice.mixed(), within(1e-12 * slice.first()));
      from = ends[i];
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void partsWithWrongEndsAreRejected(Backend backend) {
    FlatVector a = random(backend, 1);

    assertThatThrownBy(() -> backend.vectors().innerProducts(a, a, 3, 4))
        .hasMessage("Invalid parts: end at [3, 4] of " + LENGTH + " elements");
  }

  @Test
  void innerProductsHaveTheSameBitsWithOneAndThreeThreads() throws Exception {
    Backend backend = new HeapBackend();
    FlatVector a = random(backend, 3);
    FlatVector b = random(backend, 4);
    InnerProducts one = inPool(1, a, b);
    InnerProducts three = inPool(3, a, b);

    assertThat(three).isEqualTo(one);
  }

  private static InnerProducts inPool(int threads, FlatVector a, FlatVector b) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> a.math().innerProducts(a, b)).get();
    } finally {
      pool.shutdown();
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void axpbyWorksOnSlicesInPlace(Backend backend) {
    FlatVector whole = backend.vectors().zeros(LENGTH + 20L);
    FlatVector y = whole.slice(10, LENGTH);
    backend.vectors().fill(2, y);
    FlatVector x = random(backend, 5);

    backend.vectors().axpby(0.5, x, 3, y);

    assertThat(Vectors.value(y, 0)).isCloseTo(6 + 0.5 * Vectors.value(x, 0), within(1e-5));
    assertThat(Vectors.value(y, LENGTH - 1L))
        .isCloseTo(6 + 0.5 * Vectors.value(x, LENGTH - 1L), within(1e-5));
    assertThat(Vectors.value(whole, 9)).isZero();
    assertThat(Vectors.value(whole, LENGTH + 10L)).isZero();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aCopyHasTheSameBitsInItsOwnMemory(Backend backend) {
    FlatVector x = random(backend, 6);
    FlatVector copy = backend.vectors().copyOf(x);
    backend.vectors().addScaled(1, x, x);

    assertThat(Vectors.values(copy)).isEqualTo(Vectors.values(random(backend, 6)));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aWeightedSumIsRoundedOnce(Backend backend) {
    FlatVector a = random(backend, 7);
    FlatVector b = random(backend, 8);
    FlatVector sum = backend.vectors().zeros(LENGTH);

    backend.vectors().weightedSum(List.of(a, b), new double[] {0.3, -2}, sum);

    double[] x = Vectors.values(a);
    double[] y = Vectors.values(b);
    double[] found = Vectors.values(sum);
    for (int i = 0; i < LENGTH; i++) {
      double exact = 0.3 * x[i] - 2 * y[i];
      assertThat(found[i]).isEqualTo(backend.type() == DataType.FLOAT ? (float) exact : exact);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void theFirstNonFiniteElementIsFound(Backend backend) {
    FlatVector a = random(backend, 6);
    assertThat(backend.vectors().firstNonFinite(a)).isEmpty();
    Vectors.set(a, LENGTH - 2L, Double.NaN);
    assertThat(backend.vectors().firstNonFinite(a)).hasValue(LENGTH - 2L);
    Vectors.set(a, BLOCK + 5L, Double.NEGATIVE_INFINITY);

    assertThat(backend.vectors().firstNonFinite(a)).hasValue(BLOCK + 5L);
    assertThat(backend.vectors().innerProducts(a, a).isFinite()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void vectorsOfUnequalLengthAreRejected(Backend backend) {
    FlatVector three = backend.vectors().zeros(3);
    FlatVector four = backend.vectors().zeros(4);

    assertThatThrownBy(() -> backend.vectors().innerProducts(three, four))
        .hasMessage("Invalid vectors: 4 elements beside 3");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aStepOfAdamWFollowsItsFormula(Backend backend) {
    AdamWStep step = new AdamWStep(0.9, 0.99, 1e-8, 0.999, 0.02, 0.3);
    FlatVector a = random(backend, 11);
    FlatVector b = random(backend, 12);
    FlatVector p = random(backend, 13);
    FlatVector m = random(backend, 14);
    FlatVector v = random(backend, 15);
    backend.vectors().axpby(0, v, 0, v);
    backend.vectors().addScaled(1, constant(backend, 0.4), v);
    double[] before = Vectors.values(p);
    double[] firstBefore = Vectors.values(m);

    backend.vectors().adamW(List.of(new Term(a, 0.5), new Term(b, -1.5)), p, m, v, step);

    double[] x = Vectors.values(a);
    double[] y = Vectors.values(b);
    double[] expected = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      double d = 0.5 * x[i] - 1.5 * y[i];
      double first = 0.9 * firstBefore[i] + 0.1 * d;
      double second = 0.99 * 0.4 + 0.01 * d * d;
      expected[i] = 0.999 * before[i] - 0.02 * first / (Math.sqrt(second) / 0.3 + 1e-8);
    }
    assertThat(Vectors.values(p)).containsExactly(expected, offset(10 * precision(backend)));
  }

  private static FlatVector constant(Backend backend, double value) {
    FlatVector vector = backend.vectors().zeros(LENGTH);
    backend.vectors().fill(value, vector);
    return vector;
  }

  @ParameterizedTest
  @MethodSource("backends")
  void productsInTheMetricOfAdamWFollowTheirFormula(Backend backend) {
    AdamWStep step = new AdamWStep(0.9, 0.99, 1e-8, 1, 0.02, 0.3);
    FlatVector a = random(backend, 16);
    FlatVector b = random(backend, 17);
    double[] x = Vectors.values(a);
    double[] y = Vectors.values(b);
    double first = 0;
    double second = 0;
    double mixed = 0;
    for (int i = 0; i < LENGTH; i++) {
      double d = 0.5 * x[i] - 1.5 * y[i];
      double scale = 1 / (Math.sqrt(0.99 * 0.4 + 0.01 * d * d) / 0.3 + 1e-8);
      first += scale * x[i] * x[i];
      second += scale * y[i] * y[i];
      mixed += scale * x[i] * y[i];
    }

    InnerProducts found =
        backend
            .vectors()
            .adamWProducts(new Term(a, 0.5), new Term(b, -1.5), constant(backend, 0.4), step);

    assertThat(found.first()).isCloseTo(first, within(1e-6 * first));
    assertThat(found.second()).isCloseTo(second, within(1e-6 * second));
    assertThat(found.mixed()).isCloseTo(mixed, within(1e-6 * first));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aStepOfSgdFollowsItsFormulaWithAndWithoutMomentum(Backend backend) {
    SgdStep step = new SgdStep(0.9, 0.999, 0.02);
    FlatVector d = random(backend, 18);
    FlatVector p = random(backend, 19);
    FlatVector m = constant(backend, 0.5);
    double[] x = Vectors.values(d);
    double[] before = Vectors.values(p);

    backend.vectors().sgd(List.of(new Term(d, 2)), p, Optional.empty(), step);
    double[] without = Vectors.values(p);
    backend.vectors().sgd(List.of(new Term(d, 2)), p, Optional.of(m), step);

    double[] expected = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      expected[i] = 0.999 * before[i] - 0.02 * 2 * x[i];
    }
    assertThat(without).containsExactly(expected, offset(precision(backend)));
    for (int i = 0; i < LENGTH; i++) {
      expected[i] = 0.999 * without[i] - 0.02 * (0.45 + 2 * x[i]);
    }
    assertThat(Vectors.values(p)).containsExactly(expected, offset(precision(backend)));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void selectionKeepsTheSecondWhereSignsAreOpposite(Backend backend) {
    FlatVector a = Vectors.of(backend, 1, -1, 1, 0, 3);
    FlatVector b = Vectors.of(backend, -2, 2, 2, -2, 0);

    backend.vectors().selectBySign(new Term(a, 10), new Term(b, 0.5));

    assertThat(Vectors.values(b)).containsExactly(-1, 1, 10, 0, 30);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aVectorSurvivesTheRoundTripThroughBytes(Backend backend) {
    FlatVector a = random(backend, 7);
    FlatVector copy = backend.vectors().zeros(LENGTH + 3L).slice(3, LENGTH);
    int chunkBytes = 8 * 1001;
    int chunks = VectorBytes.chunks(a, chunkBytes);
    assertThat(chunks).isGreaterThan(10);
    for (int chunk = 0; chunk < chunks; chunk++) {
      VectorBytes.write(VectorBytes.read(a, chunk, chunkBytes), copy, chunk, chunkBytes);
    }

    assertThat(Vectors.values(copy)).isEqualTo(Vectors.values(a));
  }

  @Test
  void chunksOverTheLimitAreRejected() {
    FlatVector vector = new HeapBackend().vectors().zeros(3);

    assertThatThrownBy(() -> VectorBytes.chunks(vector, 1 << 30))
        .hasMessage(
            "Invalid chunk size: 1073741824 bytes, expected a multiple of 8 up to 67108864");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void matricesAndTensorsShareTheVectorsMemory(Backend backend) {
    FlatVector vector = Vectors.of(backend, 0, 1, 2, 3, 4, 5, 6);

    Matrix matrix = vector.matrix(1, 2, 3);
    matrix.rows(1, 1).columns(1, 2).upload(new double[] {50, 60});

    assertThat(Vectors.values(vector)).containsExactly(0, 1, 2, 3, 4, 50, 60);
    assertThat(vector.tensor(1, 3, 2).shape()).containsExactly(3, 2);
    assertThat(Vectors.values(vector.tensor(5, 2))).containsExactly(50, 60);
    assertThat(Matrices.rows(matrix)).isDeepEqualTo(new double[][] {{1, 2, 3}, {4, 50, 60}});
  }
}
