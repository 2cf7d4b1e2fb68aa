package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrices;
import org.lethe.compute.Matrix;
import org.lethe.compute.Products;
import org.lethe.tensor.Dtype;

/** Products in each precision, compared with sums in double of factors that the test rounds. */
final class CudaProductsTest {
  private static final double INEXACT = 2e-5;

  private final Random random = new Random(3);

  @BeforeEach
  void device() {
    TestDevice.require();
  }

  private static CudaBackend backend(Products products) {
    return CudaBackend.open(0, products, Optional.empty());
  }

  private static double tf32(double value) {
    return Float.intBitsToFloat((Float.floatToIntBits((float) value) + 0x1000) & ~0x1fff);
  }

  private static double bfloat(double value) {
    int bits = Float.floatToIntBits((float) value);
    return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
  }

  private static DoubleUnaryOperator rounding(Products products) {
    return switch (products) {
      case FLOAT -> x -> x;
      case TF32 -> CudaProductsTest::tf32;
      case BFLOAT16 -> CudaProductsTest::bfloat;
    };
  }

  private double[][] values(int rows, int columns, DoubleUnaryOperator rounding) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = rounding.applyAsDouble((float) random.nextGaussian() / 8);
      }
    }
    return values;
  }

  private static double[][] transposed(double[][] x) {
    double[][] result = new double[x[0].length][x.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[0].length; j++) {
        result[j][i] = x[i][j];
      }
    }
    return result;
  }

  /** alpha a b + beta c, with rounded factors. */
  private static double[][] expected(
      double[][] a,
      double[][] b,
      double[][] c,
      double alpha,
      double beta,
      DoubleUnaryOperator rounding) {
    double[][] result = new double[c.length][c[0].length];
    for (int i = 0; i < c.length; i++) {
      for (int j = 0; j < c[0].length; j++) {
        double sum = 0;
        for (int k = 0; k < b.length; k++) {
          sum += rounding.applyAsDouble(a[i][k]) * rounding.applyAsDouble(b[k][j]);
        }
        result[i][j] = alpha * sum + beta * c[i][j];
      }
    }
    return result;
  }

  private static void assertClose(Matrix actual, double[][] expected, double tolerance) {
    double[][] found = Matrices.rows(actual);
    for (int row = 0; row < expected.length; row++) {
      assertThat(found[row]).as("row %d", row).containsExactly(expected[row], within(tolerance));
    }
  }

  @ParameterizedTest
  @EnumSource(Products.class)
  void factorsOfLargeProductsAreRounded(Products products) {
    double[][] a = values(140, 129, x -> x);
    double[][] b = values(129, 131, x -> x);
    double[][] c = values(140, 131, x -> x);
    CudaBackend backend = backend(products);
    Compute compute = backend.compute(1);
    for (Form formA : Form.values()) {
      for (Form formB : Form.values()) {
        Matrix sum = Matrices.of(backend, c);
        compute.multiply(
            formA,
            Matrices.of(backend, formA == Form.AS_IS ? a : transposed(a)),
            formB,
            Matrices.of(backend, formB == Form.AS_IS ? b : transposed(b)),
            0.5,
            2,
            sum);
        assertClose(sum, expected(a, b, c, 0.5, 2, rounding(products)), INEXACT);
      }
    }
  }

  @Test
  void smallAndPreciseProductsStayTf32() {
    CudaBackend backend = backend(Products.BFLOAT16);
    Compute compute = backend.compute(1);
    double[][] a = values(127, 140, x -> x);
    double[][] b = values(140, 130, x -> x);
    double[][] c = values(127, 130, x -> x);
    Matrix sum = Matrices.of(backend, c);
    compute.multiply(
        Form.AS_IS, Matrices.of(backend, a), Form.AS_IS, Matrices.of(backend, b), 1, 1, sum);
    assertClose(sum, expected(a, b, c, 1, 1, CudaProductsTest::tf32), INEXACT);
    double[][] large = values(130, 140, x -> x);
    double[][] target = values(130, 130, x -> x);
    Matrix precise = Matrices.of(backend, target);
    compute.multiplyPrecisely(
        Form.AS_IS,
        Matrices.of(backend, large),
        Form.AS_IS,
        Matrices.of(backend, b),
        1,
        0,
        precise);
    assertClose(precise, expected(large, b, target, 1, 0, CudaProductsTest::tf32), INEXACT);
  }

  /** Three parts hold a FLOAT, two hold 16 bits of its mantissa. */
  @ParameterizedTest
  @CsvSource({"FLOAT, 0", "TF32, 1.5e-5", "BFLOAT16, 4e-3"})
  void oneFactorIsFrozenWeights(Products products, double relative) {
    CudaBackend backend = backend(products);
    Compute compute = backend.compute(1);
    double[][] weights = values(17, 20, CudaProductsTest::bfloat);
    double[][] x = values(9, 20, v -> v);
    double[][] dY = values(9, 17, v -> v);
    try (FlatVector frozen = frozen(backend, weights)) {
      Matrix matrix = frozen.matrix(0, 17, 20);
      double[][] y = values(9, 17, v -> v);
      Matrix forward = Matrices.of(backend, y);
      compute.multiply(Form.AS_IS, Matrices.of(backend, x), Form.TRANSPOSED, matrix, 1, 1, forward);
      // |x| |w| summed bounds what rounding of x changes.
      double size = 20 * 0.5 * 0.5;
      assertClose(
          forward, expected(x, transposed(weights), y, 1, 1, v -> v), 1e-6 + relative * size);
      Matrix backward = Matrices.of(backend, x);
      compute.multiply(Form.AS_IS, Matrices.of(backend, dY), Form.AS_IS, matrix, 2, 0, backward);
      assertClose(backward, expected(dY, weights, x, 2, 0, v -> v), 1e-6 + 2 * relative * size);
    }
  }

  private static FlatVector frozen(CudaBackend backend, double[][] rows) {
    int columns = rows[0].length;
    FlatVector vector = backend.frozen(Dtype.BF16, (long) rows.length * columns);
    for (int i = 0; i < rows.length; i++) {
      vector.put((long) i * columns, rows[i], 0, columns);
    }
    return vector;
  }

  @Test
  void frozenWeightsAreReadButNotChanged() {
    CudaBackend backend = backend(Products.FLOAT);
    Compute compute = backend.compute(1);
    double[][] weights = values(6, 300, CudaProductsTest::bfloat);
    try (FlatVector frozen = frozen(backend, weights)) {
      Matrix matrix = frozen.matrix(0, 6, 300);
      float[] all = new float[1800];
      matrix.download(all);
      for (int i = 0; i < all.length; i++) {
        assertThat(all[i]).isEqualTo((float) weights[i / 300][i % 300]);
      }
      Matrix gathered = backend.matrix(3, 300);
      compute.gather(matrix, new int[] {5, 0, 5}, gathered);
      assertClose(gathered, new double[][] {weights[5], weights[0], weights[5]}, 0);
      Matrix copy = backend.matrix(6, 300);
      compute.copy(matrix, copy);
      assertClose(copy, weights, 0);
      byte[] bytes = new byte[4];
      frozen.get(2, bytes);
      try (FlatVector other = backend.frozen(Dtype.BF16, 2)) {
        other.put(0, bytes);
        double[] values = new double[2];
        other.get(0, values, 0, 2);
        assertThat(values).containsExactly(weights[0][1], weights[0][2]);
      }
      assertThatThrownBy(() -> frozen.put(0, new float[] {0.1f}, 0, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid value: 0.1 is not exact in BF16");
      assertThatThrownBy(() -> matrix.upload(new float[1800]))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("Frozen weights do not change");
      assertThatThrownBy(() -> matrix.rows(0, 1))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("Frozen weights are not cut");
    }
    assertThat(backend.frozenBytes(Dtype.BF16)).isEqualTo(2);
    assertThat(backend.frozenBytes(Dtype.F16)).isEqualTo(4);
  }

  @Test
  void specialNumbersAndTies() {
    CudaBackend backend = backend(Products.BFLOAT16);
    float[] values = {0, Float.NaN, Float.POSITIVE_INFINITY, 1 + 0x1p-8f, 1 + 0x3p-8f};
    Matrix x = backend.matrix(values.length, 1);
    x.upload(values);
    Matrix result = backend.matrix(values.length, 1);
    try (FlatVector one = backend.frozen(Dtype.BF16, 1)) {
      one.put(0, new float[] {1}, 0, 1);
      Matrix weight = one.matrix(0, 1, 1);
      backend.compute(1).multiply(Form.AS_IS, x, Form.AS_IS, weight, 1, 0, result);
    }
    float[] found = new float[values.length];
    result.download(found);
    // Ties go to the even neighbour.
    assertThat(found).containsExactly(0, Float.NaN, Float.POSITIVE_INFINITY, 1, 1 + 0x1p-6f);
  }

  @Test
  void recordsNameProductsDeviceAndLibrary() {
    assertThat(backend(Products.BFLOAT16).products())
        .hasValueSatisfying(
            products -> assertThat(products).matches("bfloat16 on .+ by cuBLAS \\d+\\.\\d+"));
  }

  @Test
  void memoryOfRoundedFactorsIsKnown() {
    CudaBackend bfloat = backend(Products.BFLOAT16);
    // The weight and the wider of inputs and outputs, in rows of a multiple of 8 elements.
    assertThat(bfloat.roundingBytes(100, 50, 10)).isEqualTo(2 * (100 * 56 + 10 * 104));
    assertThat(backend(Products.TF32).roundingBytes(100, 50, 10)).isZero();
    assertThat(backend(Products.FLOAT).wideningBytes(Dtype.BF16, 100, 50, 10))
        .isEqualTo(3 * 2 * 10 * 104);
    assertThat(backend(Products.FLOAT).wideningBytes(Dtype.F16, 100, 50, 10)).isZero();
  }
}
