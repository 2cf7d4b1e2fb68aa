package org.lethe.compute.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.lethe.compute.heap.HeapNumbers.values;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.TensorValues;

/** Products cut for threads have the bits of OpenBLAS's uncut product. */
final class FloatProductsTest {
  private final HeapBackend backend = new HeapBackend();
  private final HeapNumbers data = new HeapNumbers(backend, 9);
  private final SplittableRandom random = new SplittableRandom(9);

  /** Pieces of 16-bit weights are smaller. */
  @Test
  void largeProductsOfSixteenBitWeightsHaveTheBitsOfFloatOnes() {
    float[] weights = data.numbers(1100 * 700);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Float.intBitsToFloat(Float.floatToRawIntBits(weights[i]) & 0xffff0000);
    }
    FlatVector frozen = backend.frozen(Dtype.BF16, weights.length);
    ((TensorValues) frozen.tensor(0, 1100, 700)).put(0, weights, 0, weights.length);
    Matrix half = frozen.matrix(0, 1100, 700);
    Matrix whole = data.matrix(1100, 700, weights);
    for (Form form : Form.values()) {
      int k = form == Form.AS_IS ? 1100 : 700;
      Matrix x = data.matrix(250, k, data.numbers(250 * k));
      Matrix ofWhole = backend.matrix(250, 1800 - k);
      Matrix ofHalf = backend.matrix(250, 1800 - k);
      backend.compute(2).multiply(Form.AS_IS, x, form, whole, 1, 0, ofWhole);
      backend.compute(2).multiply(Form.AS_IS, x, form, half, 1, 0, ofHalf);
      assertThat(values(ofHalf)).isEqualTo(values(ofWhole));
    }
  }

  /** Widened copies of held weights are read until the last hold ends. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void heldSixteenBitWeightsAreWidenedOnce(Dtype dtype) {
    float[] weights = new float[300 * 200];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(-64, 64) / 64f;
    }
    FlatVector frozen = backend.frozen(dtype, weights.length);
    TensorValues values = (TensorValues) frozen.tensor(0, 300, 200);
    values.put(0, weights, 0, weights.length);
    Matrix half = frozen.matrix(0, 300, 200);
    Matrix whole = data.matrix(300, 200, weights);
    Compute compute = backend.compute(2);
    for (Form form : Form.values()) {
      int k = form == Form.AS_IS ? 300 : 200;
      for (int m : new int[] {1, 3, 40, 600}) {
        Matrix x = data.matrix(m, k, data.numbers(m * k));
        float[] expected = product(compute, x, form, whole, 500 - k);
        try (Compute.Hold outer = compute.holdWeights()) {
          assertThat(product(compute, x, form, half, 500 - k)).isEqualTo(expected);
          compute.holdWeights().close();
          // The weights break their promise: the copy is read.
          values.put(0, new float[weights.length], 0, weights.length);
          assertThat(product(compute, x, form, half, 500 - k)).isEqualTo(expected);
        }
        assertThat(product(compute, x, form, half, 500 - k)).containsOnly(0);
        values.put(0, weights, 0, weights.length);
      }
    }
  }

  private float[] product(Compute compute, Matrix x, Form form, Matrix b, int columns) {
    Matrix found = backend.matrix(x.rows(), columns);
    compute.multiply(Form.AS_IS, x, form, b, 1, 0, found);
    return values(found);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 300, 600, AS_IS, TRANSPOSED",
    "300, 1000, 600, TRANSPOSED, AS_IS",
    "1000, 450, 900, AS_IS, AS_IS",
    "431, 1007, 521, TRANSPOSED, TRANSPOSED"
  })
  void largeProductsHaveTheBitsOfAnUncutOne(int m, int n, int k, Form formA, Form formB) {
    float[] a = data.numbers(m * k);
    float[] b = data.numbers(k * n);
    float[] start = data.numbers(m * n);
    float[] expected = start.clone();
    // OpenBLAS's own threads would cut the product in their way.
    blas_set_num_threads(1);
    cblas_sgemm(
        CblasRowMajor,
        formA == Form.AS_IS ? CblasNoTrans : CblasTrans,
        formB == Form.AS_IS ? CblasNoTrans : CblasTrans,
        m,
        n,
        k,
        0.5f,
        a,
        formA == Form.AS_IS ? k : m,
        b,
        formB == Form.AS_IS ? n : k,
        1,
        expected,
        n);
    Matrix left = formA == Form.AS_IS ? data.matrix(m, k, a) : data.matrix(k, m, a);
    Matrix right = formB == Form.AS_IS ? data.matrix(k, n, b) : data.matrix(n, k, b);
    for (int threads : new int[] {1, 2, 3, 5}) {
      Matrix c = data.matrix(m, n, start);
      backend.compute(threads).multiply(formA, left, formB, right, 0.5, 1, c);
      assertThat(values(c)).as("%d threads", threads).isEqualTo(expected);
    }
  }
}
