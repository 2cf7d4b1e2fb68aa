package org.lethe.compute.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;

/** Products cut for threads have the bits of OpenBLAS's uncut product. */
final class FloatProductsTest {
  private final HeapBackend backend = new HeapBackend();
  private final SplittableRandom random = new SplittableRandom(9);

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextDouble(-1, 1);
    }
    return numbers;
  }

  private Matrix matrix(int rows, int columns, float[] values) {
    Matrix matrix = backend.matrix(rows, columns);
    ((HeapMatrix) matrix).upload(values);
    return matrix;
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 300, 600, AS_IS, TRANSPOSED",
    "300, 1000, 600, TRANSPOSED, AS_IS",
    "1000, 450, 900, AS_IS, AS_IS",
    "431, 1007, 521, TRANSPOSED, TRANSPOSED"
  })
  void largeProductsHaveTheBitsOfAnUncutOne(int m, int n, int k, Form formA, Form formB) {
    float[] a = numbers(m * k);
    float[] b = numbers(k * n);
    float[] start = numbers(m * n);
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
    Matrix left = formA == Form.AS_IS ? matrix(m, k, a) : matrix(k, m, a);
    Matrix right = formB == Form.AS_IS ? matrix(k, n, b) : matrix(n, k, b);
    for (int threads : new int[] {1, 2, 3, 5}) {
      Matrix c = matrix(m, n, start);
      backend.compute(threads).multiply(formA, left, formB, right, 0.5, 1, c);
      float[] found = new float[m * n];
      ((HeapMatrix) c).download(found);
      assertThat(found).as("%d threads", threads).isEqualTo(expected);
    }
  }
}
