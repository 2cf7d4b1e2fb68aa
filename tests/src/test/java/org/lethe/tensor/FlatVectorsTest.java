package org.lethe.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.tensor.FlatVectors.InnerProducts;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

final class FlatVectorsTest {
  private static final int LENGTH = 3 * VectorBlocks.SIZE + 7;

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void innerProductsAreThoseOfPlainSums(DataType type) {
    INDArray a = random(type, 1);
    INDArray b = random(type, 2);
    double[] x = a.toDoubleVector();
    double[] y = b.toDoubleVector();
    double first = 0;
    double second = 0;
    double mixed = 0;
    for (int i = 0; i < x.length; i++) {
      first += x[i] * x[i];
      second += y[i] * y[i];
      mixed += x[i] * y[i];
    }

    InnerProducts products = FlatVectors.innerProducts(a, b);

    assertThat(products.first()).isCloseTo(first, within(1e-9 * first));
    assertThat(products.second()).isCloseTo(second, within(1e-9 * second));
    assertThat(products.mixed()).isCloseTo(mixed, within(1e-9 * first));
    assertThat(products.isFinite()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void innerProductsOfPartsAreThoseOfTheirSlices(DataType type) {
    INDArray a = random(type, 1);
    INDArray b = random(type, 2);
    long[] ends = {1, 4, VectorBlocks.SIZE, 2L * VectorBlocks.SIZE + 3, LENGTH};

    List<InnerProducts> parts = FlatVectors.innerProducts(a, b, ends);

    long from = 0;
    for (int i = 0; i < ends.length; i++) {
      INDArray x = a.get(NDArrayIndex.interval(from, ends[i]));
      INDArray y = b.get(NDArrayIndex.interval(from, ends[i]));
      InnerProducts slice = FlatVectors.innerProducts(x, y);
      assertThat(parts.get(i).first()).isCloseTo(slice.first(), within(1e-12 * slice.first()));
      assertThat(parts.get(i).second()).isCloseTo(slice.second(), within(1e-12 * slice.second()));
      assertThat(parts.get(i).mixed()).isCloseTo(slice.mixed(), within(1e-12 * slice.first()));
      from = ends[i];
    }
  }

  @Test
  void partsThatEndElsewhereAreRefused() {
    INDArray a = random(DataType.FLOAT, 1);

    assertThatThrownBy(() -> FlatVectors.innerProducts(a, a, 3, 4))
        .hasMessage("Invalid parts: end at [3, 4] of " + LENGTH + " elements");
  }

  @Test
  void innerProductsAreTheSameBitsWithOneThreadAndWithThree() throws Exception {
    INDArray a = random(DataType.FLOAT, 3);
    INDArray b = random(DataType.FLOAT, 4);
    InnerProducts one = inPool(1, a, b);
    InnerProducts three = inPool(3, a, b);

    assertThat(three).isEqualTo(one);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void axpbyWorksOnViewsInPlace(DataType type) {
    INDArray whole = Nd4j.create(type, LENGTH + 20L);
    INDArray y = whole.get(NDArrayIndex.interval(10, LENGTH + 10));
    y.addi(2);
    INDArray x = random(type, 5);

    FlatVectors.axpby(0.5, x, 3, y);

    assertThat(y.getDouble(0)).isCloseTo(6 + 0.5 * x.getDouble(0), within(1e-5));
    assertThat(y.getDouble(LENGTH - 1L))
        .isCloseTo(6 + 0.5 * x.getDouble(LENGTH - 1L), within(1e-5));
    assertThat(whole.getDouble(9)).isZero();
    assertThat(whole.getDouble(LENGTH + 10L)).isZero();
  }

  @Test
  void theFirstNonFiniteElementIsFound() {
    INDArray a = random(DataType.FLOAT, 6);
    assertThat(FlatVectors.firstNonFinite(a)).isEmpty();
    a.putScalar(LENGTH - 2L, Float.NaN);
    a.putScalar(VectorBlocks.SIZE + 5L, Float.NEGATIVE_INFINITY);

    assertThat(FlatVectors.firstNonFinite(a)).hasValue(VectorBlocks.SIZE + 5L);
    assertThat(FlatVectors.innerProducts(a, a).isFinite()).isFalse();
  }

  @Test
  void vectorsOfUnequalLengthAreRefused() {
    assertThatThrownBy(
            () ->
                FlatVectors.innerProducts(
                    Nd4j.create(DataType.FLOAT, 3), Nd4j.create(DataType.FLOAT, 4)))
        .hasMessage("Invalid vectors: 4 elements of FLOAT beside 3 of FLOAT");
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void bytesOfAVectorComeBackUnchanged(DataType type) {
    INDArray a = random(type, 7);
    INDArray copy = Nd4j.create(type, LENGTH + 3L).get(NDArrayIndex.interval(3, LENGTH + 3));
    int chunkBytes = 8 * 1001;
    int chunks = VectorBytes.chunks(a, chunkBytes);
    assertThat(chunks).isGreaterThan(10);
    for (int chunk = 0; chunk < chunks; chunk++) {
      VectorBytes.write(VectorBytes.read(a, chunk, chunkBytes), copy, chunk, chunkBytes);
    }

    assertThat(copy).isEqualTo(a);
  }

  @Test
  void chunksOverTheLimitAreRefused() {
    assertThatThrownBy(() -> VectorBytes.chunks(Nd4j.create(DataType.FLOAT, 3), 1 << 30))
        .hasMessage(
            "Invalid chunk size: 1073741824 bytes, expected a multiple of 8 up to 67108864");
  }

  private static InnerProducts inPool(int threads, INDArray a, INDArray b) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> FlatVectors.innerProducts(a, b)).get();
    } finally {
      pool.shutdown();
    }
  }

  private static INDArray random(DataType type, int seed) {
    return Nd4j.randn(0, 1, new long[] {LENGTH}, Nd4j.getRandomFactory().getNewRandomInstance(seed))
        .castTo(type);
  }
}
