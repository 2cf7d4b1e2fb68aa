package org.lethe.compute.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lethe.compute.heap.HeapNumbers.values;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.BfloatMachine;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.platform.Processor;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.TensorValues;

/**
 * Products of factors rounded to BFLOAT16. Truth is the product in double of factors rounded here
 * by IEEE 754's rule, and the bound that two rounded factors give.
 */
final class BfloatProductsTest {
  /** BFLOAT16 has 8 significant bits: a factor errs by up to 2^-9, two by up to 2^-8. */
  private static final double BOUND = 0x1p-8;

  /** What sums in FLOAT may err, relative to the sum of absolute products. */
  private static final double FLOAT_SUM = 1e-5;

  private final HeapBackend rounding = BfloatMachine.backend();
  private final HeapNumbers data = new HeapNumbers(rounding, 3);
  private final SplittableRandom random = new SplittableRandom(3);

  /** Rounds to nearest, ties to even. */
  private static float rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
  }

  private static float[] rounded(float[] values) {
    float[] all = values.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] = rounded(all[i]);
    }
    return all;
  }

  private static double at(Form form, float[] x, int row, int column, int rows, int columns) {
    return form == Form.AS_IS ? x[row * columns + column] : x[column * rows + row];
  }

  static Stream<int[]> shapes() {
    return Stream.of(
        new int[] {64, 64, 64},
        new int[] {200, 130, 67},
        new int[] {130, 520, 96},
        new int[] {519, 65, 128},
        new int[] {66, 70, 1100});
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void productsAreThoseOfRoundedFactors(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    int k = shape[2];
    for (Form formA : Form.values()) {
      for (Form formB : Form.values()) {
        for (double beta : new double[] {0, 1, 0.5}) {
          float[] a = data.numbers(m * k);
          float[] b = data.numbers(k * n);
          float[] start = data.numbers(m * n);
          Matrix left = formA == Form.AS_IS ? data.matrix(m, k, a) : data.matrix(k, m, a);
          Matrix right = formB == Form.AS_IS ? data.matrix(k, n, b) : data.matrix(n, k, b);
          Matrix c = data.matrix(m, n, start);
          rounding.compute(2).multiply(formA, left, formB, right, 0.75, beta, c);
          float[] found = values(c);
          float[] ra = rounded(a);
          float[] rb = rounded(b);
          for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
              double exact = 0;
              double ofRounded = 0;
              double absolute = 0;
              for (int s = 0; s < k; s++) {
                double product = at(formA, a, i, s, m, k) * at(formB, b, s, j, k, n);
                exact += product;
                absolute += Math.abs(product);
                ofRounded += at(formA, ra, i, s, m, k) * at(formB, rb, s, j, k, n);
              }
              double added = beta * start[i * n + j];
              assertThat(Math.abs(found[i * n + j] - (0.75 * ofRounded + added)))
                  .as("%s %s at %d, %d", formA, formB, i, j)
                  .isLessThan(FLOAT_SUM * (absolute + 1));
              assertThat(Math.abs(found[i * n + j] - (0.75 * exact + added)))
                  .isLessThan((0.75 * BOUND * 1.01 + FLOAT_SUM) * absolute + FLOAT_SUM);
            }
          }
        }
      }
    }
  }

  @Test
  void windowsKeepWhatIsBesideThem() {
    float[] a = data.numbers(100 * 300);
    float[] b = data.numbers(70 * 80);
    Matrix window = data.matrix(100, 300, a).rows(5, 90).columns(100, 80);
    float[] compact = new float[90 * 80];
    for (int row = 0; row < 90; row++) {
      System.arraycopy(a, (row + 5) * 300 + 100, compact, row * 80, 80);
    }
    Compute compute = rounding.compute(2);
    Matrix expected = data.matrix(90, 70, new float[90 * 70]);
    compute.multiply(
        Form.AS_IS,
        data.matrix(90, 80, compact),
        Form.TRANSPOSED,
        data.matrix(70, 80, b),
        1,
        0,
        expected);
    float[] around = data.numbers(92 * 200);
    Matrix whole = data.matrix(92, 200, around);
    compute.multiply(
        Form.AS_IS,
        window,
        Form.TRANSPOSED,
        data.matrix(70, 80, b),
        1,
        0,
        whole.rows(1, 90).columns(30, 70));
    float[] found = values(whole);
    float[] product = values(expected);
    for (int row = 0; row < 92; row++) {
      for (int column = 0; column < 200; column++) {
        boolean inside = row >= 1 && row < 91 && column >= 30 && column < 100;
        assertThat(found[row * 200 + column])
            .isEqualTo(inside ? product[(row - 1) * 70 + column - 30] : around[row * 200 + column]);
      }
    }
  }

  static Stream<int[]> shapesOfManyThreads() {
    return Stream.of(new int[] {700, 200, 96}, new int[] {200, 710, 96}, new int[] {900, 250, 600});
  }

  @ParameterizedTest
  @MethodSource("shapesOfManyThreads")
  void resultsDoNotDependOnThreads(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    int k = shape[2];
    float[] a = data.numbers(m * k);
    float[] b = data.numbers(k * n);
    for (Form formA : Form.values()) {
      float[][] found =
          Stream.of(1, 2, 3)
              .map(
                  threads -> {
                    Matrix left = formA == Form.AS_IS ? data.matrix(m, k, a) : data.matrix(k, m, a);
                    Matrix c = data.matrix(m, n, new float[m * n]);
                    rounding
                        .compute(threads)
                        .multiply(formA, left, Form.TRANSPOSED, data.matrix(n, k, b), 1, 1, c);
                    return values(c);
                  })
              .toArray(float[][]::new);
      assertThat(found[1]).isEqualTo(found[0]);
      assertThat(found[2]).isEqualTo(found[0]);
    }
  }

  @ParameterizedTest
  @CsvSource({"63, 80, 80", "80, 63, 80", "80, 80, 63"})
  void smallProductsStayInFloat(int m, int n, int k) {
    float[] a = data.numbers(m * k);
    float[] b = data.numbers(k * n);
    float[] expected = product(new HeapBackend().compute(1), m, n, k, a, b);
    assertThat(product(rounding.compute(1), m, n, k, a, b)).isEqualTo(expected);
  }

  @Test
  void preciseProductsStayInFloat() {
    float[] a = data.numbers(128 * 128);
    float[] b = data.numbers(128 * 128);
    Matrix c = data.matrix(128, 128, new float[128 * 128]);
    rounding
        .compute(1)
        .multiplyPrecisely(
            Form.AS_IS, data.matrix(128, 128, a), Form.AS_IS, data.matrix(128, 128, b), 1, 0, c);
    assertThat(values(c)).isEqualTo(product(new HeapBackend().compute(1), 128, 128, 128, a, b));
    assertThat(product(rounding.compute(1), 128, 128, 128, a, b)).isNotEqualTo(values(c));
  }

  private float[] product(Compute compute, int m, int n, int k, float[] a, float[] b) {
    Matrix c = data.matrix(m, n, new float[m * n]);
    compute.multiply(Form.AS_IS, data.matrix(m, k, a), Form.AS_IS, data.matrix(k, n, b), 1, 0, c);
    return values(c);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void frozenWeightsInSixteenBitsAreAsInFloat(Dtype dtype) {
    int rows = 192;
    int columns = 80;
    float[] weights = rounded(data.numbers(rows * columns));
    FlatVector frozen = rounding.frozen(dtype, weights.length);
    ((TensorValues) frozen.tensor(0, rows, columns)).put(0, weights, 0, weights.length);
    Matrix half = frozen.matrix(0, rows, columns);
    Matrix whole = data.matrix(rows, columns, weights);
    Compute compute = rounding.compute(2);
    for (Form form : Form.values()) {
      int k = form == Form.AS_IS ? rows : columns;
      int n = form == Form.AS_IS ? columns : rows;
      Matrix x = data.matrix(100, k, data.numbers(100 * k));
      Matrix expected = data.matrix(100, n, new float[100 * n]);
      Matrix found = data.matrix(100, n, new float[100 * n]);
      compute.multiply(Form.AS_IS, x, form, whole, 1, 0, expected);
      compute.multiply(Form.AS_IS, x, form, half, 1, 0, found);
      assertThat(values(found)).isEqualTo(values(expected));
    }
  }

  /** A few rows by weights that are in BFLOAT16 already, as in generation. */
  @Test
  void fewRowsByFrozenWeights() {
    float[] weights = rounded(data.numbers(96 * 80));
    FlatVector frozen = rounding.frozen(Dtype.BF16, weights.length);
    ((TensorValues) frozen.tensor(0, 96, 80)).put(0, weights, 0, weights.length);
    float[] x = data.numbers(80);
    Matrix found = data.matrix(1, 96, new float[96]);
    rounding
        .compute(1)
        .multiply(
            Form.AS_IS,
            data.matrix(1, 80, x),
            Form.TRANSPOSED,
            frozen.matrix(0, 96, 80),
            1,
            0,
            found);
    float[] rounded = rounded(x);
    for (int j = 0; j < 96; j++) {
      double sum = 0;
      for (int s = 0; s < 80; s++) {
        sum += rounded[s] * (double) weights[j * 80 + s];
      }
      assertThat(Math.abs(values(found)[j] - sum)).isLessThan(1e-4);
    }
  }

  /** Copies of held weights serve any number of few rows, and are forgotten at the end. */
  @Test
  void heldWeightsGiveTheProductsOfRoundedFactors() {
    int k = 96;
    int n = 700;
    Compute compute = rounding.compute(2);
    for (Form form : Form.values()) {
      float[] weights = data.numbers(k * n);
      Matrix b = form == Form.AS_IS ? data.matrix(k, n, weights) : data.matrix(n, k, weights);
      try (Compute.Hold held = compute.holdWeights()) {
        for (int m : new int[] {1, 3, 16, 17, 48}) {
          float[] a = data.numbers(m * k);
          float[] start = data.numbers(m * n);
          Matrix c = data.matrix(m, n, start);
          compute.multiply(Form.AS_IS, data.matrix(m, k, a), form, b, 1, 1, c);
          assertProduct(values(c), start, form, m, n, k, rounded(a), rounded(weights));
        }
      }
      float[] others = data.numbers(k * n);
      ((HeapMatrix) b).upload(others);
      float[] a = data.numbers(16 * k);
      try (Compute.Hold held = compute.holdWeights()) {
        Matrix c = data.matrix(16, n, new float[16 * n]);
        compute.multiply(Form.AS_IS, data.matrix(16, k, a), form, b, 1, 0, c);
        assertProduct(values(c), new float[16 * n], form, 16, n, k, rounded(a), rounded(others));
      }
    }
  }

  /** BFLOAT16 weights need no copy: they are read as they are. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void heldFrozenWeightsGiveTheProductsOfRoundedFactors(Dtype dtype) {
    int n = 700;
    int k = 96;
    float[] weights = new float[n * k];
    for (int i = 0; i < weights.length; i++) {
      float exact = random.nextInt(-1024, 1024) / 1024f;
      weights[i] = dtype == Dtype.F16 ? exact : rounded(exact);
    }
    FlatVector frozen = rounding.frozen(dtype, weights.length);
    ((TensorValues) frozen.tensor(0, n, k)).put(0, weights, 0, weights.length);
    Matrix b = frozen.matrix(0, n, k);
    Compute compute = rounding.compute(2);
    try (Compute.Hold held = compute.holdWeights()) {
      for (int m : new int[] {1, 5, 48, 63, 200}) {
        float[] a = data.numbers(m * k);
        Matrix c = data.matrix(m, n, new float[m * n]);
        compute.multiply(Form.AS_IS, data.matrix(m, k, a), Form.TRANSPOSED, b, 1, 0, c);
        float[] start = new float[m * n];
        float[] factors = rounded(weights);
        assertProduct(values(c), start, Form.TRANSPOSED, m, n, k, rounded(a), factors);
      }
    }
  }

  private static void assertProduct(
      float[] found, float[] start, Form form, int m, int n, int k, float[] a, float[] b) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = start[i * n + j];
        for (int s = 0; s < k; s++) {
          sum += (double) a[i * k + s] * at(form, b, s, j, k, n);
        }
        assertThat(Math.abs(found[i * n + j] - sum)).as("%d, %d", i, j).isLessThan(1e-4);
      }
    }
  }

  @Test
  void heldWeightsDoNotDependOnThreads() {
    float[] a = data.numbers(5 * 80);
    float[] b = data.numbers(1000 * 80);
    List<float[]> found = new ArrayList<>();
    for (int threads : new int[] {1, 2, 3}) {
      Compute compute = rounding.compute(threads);
      try (Compute.Hold held = compute.holdWeights()) {
        Matrix c = data.matrix(5, 1000, new float[5000]);
        compute.multiply(
            Form.AS_IS, data.matrix(5, 80, a), Form.TRANSPOSED, data.matrix(1000, 80, b), 1, 0, c);
        found.add(values(c));
      }
    }
    assertThat(found.get(1)).isEqualTo(found.get(0));
    assertThat(found.get(2)).isEqualTo(found.get(0));
  }

  @Test
  void valuesRoundAsIeeeSays() {
    float[] exact = data.numbers(64 * 64);
    // Ties, the largest numbers that round down, and what rounds to infinity.
    float[] special = {1 + 0x1p-8f, 1 + 0x1.8p-7f, 3.3895e38f, Float.MAX_VALUE, -0f, 0f};
    System.arraycopy(special, 0, exact, 0, special.length);
    float[] identity = new float[64 * 64];
    for (int i = 0; i < 64; i++) {
      identity[i * 65] = 1;
    }
    Matrix c = data.matrix(64, 64, new float[64 * 64]);
    // The last row holds no infinity, so that its products with 0 are numbers.
    float[] row = Arrays.copyOf(exact, 64 * 64);
    row[3] = 2;
    rounding
        .compute(1)
        .multiply(
            Form.AS_IS,
            data.matrix(64, 64, row),
            Form.AS_IS,
            data.matrix(64, 64, identity),
            1,
            0,
            c);
    float[] found = values(c);
    for (int i = 0; i < row.length; i++) {
      assertThat(found[i]).isEqualTo(rounded(row[i]) + 0f);
    }
  }

  @Test
  void aProcessorWithoutThemIsRejected() {
    Processor old = new Processor("GenuineIntel", "Xeon 8175M", Set.of("avx512f", "avx512bw"));
    assertThatThrownBy(() -> BfloatSupport.requireSupport(old))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
        .hasMessage(
            "Invalid lethe.platform.products: bfloat16, expected float on this machine: its"
                + " processor (Xeon 8175M) lacks avx512_bf16");
    assertThatThrownBy(() -> BfloatSupport.requireSupport(new Processor("", "", Set.of(""))))
        .hasMessage(
            "Invalid lethe.platform.products: bfloat16, expected float on this machine: its"
                + " processor (unknown) lacks avx512_bf16");
    assertThat(List.of("bfloat16 (AMX)", "bfloat16 (AVX-512)"))
        .contains(rounding.products().orElseThrow());
  }
}
