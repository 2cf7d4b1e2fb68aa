package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.compute.Matrix;
import org.lethe.compute.VectorMath;
import org.lethe.compute.VectorMath.AdamWStep;
import org.lethe.compute.VectorMath.SgdStep;
import org.lethe.compute.VectorMath.Term;

/** Compares the arithmetic of flat vectors with plain loops. */
final class CudaVectorsTest {
  /** Long enough for more than one piece of a sum. */
  private static final int LENGTH = 70_000;

  private static VectorMath math;
  private final Random random = new Random(11);

  @BeforeAll
  static void open() {
    math = TestDevice.backend().vectors();
  }

  private float[] values() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static FlatVector vector(float... values) {
    FlatVector vector = math.zeros(values.length);
    vector.put(0, values, 0, values.length);
    return vector;
  }

  private static float[] read(FlatVector vector) {
    float[] values = new float[(int) vector.length()];
    vector.get(0, values, 0, values.length);
    return values;
  }

  private static double dot(float[] a, float[] b, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void innerProductsOfParts() {
    float[] a = values();
    float[] b = values();
    long[] ends = {5, 5, 66_000, LENGTH};
    List<InnerProducts> products = math.innerProducts(vector(a), vector(b), ends);
    int from = 0;
    for (int part = 0; part < ends.length; part++) {
      int to = (int) ends[part];
      assertThat(products.get(part).first()).isCloseTo(dot(a, a, from, to), within(1e-7));
      assertThat(products.get(part).second()).isCloseTo(dot(b, b, from, to), within(1e-7));
      assertThat(products.get(part).mixed()).isCloseTo(dot(a, b, from, to), within(1e-7));
      from = to;
    }
  }

  @Test
  void sums() {
    float[] a = values();
    float[] b = values();
    FlatVector y = vector(b);
    math.axpby(0.3, vector(a), -2, y);
    FlatVector sum = math.zeros(LENGTH);
    math.weightedSum(List.of(vector(a), vector(b)), new double[] {0.25, 0.75}, sum);
    float[] updated = read(y);
    float[] weighted = read(sum);
    for (int i = 0; i < LENGTH; i++) {
      assertThat(updated[i]).isCloseTo((float) (0.3 * a[i] - 2.0 * b[i]), within(1e-6f));
      assertThat(weighted[i]).isCloseTo((float) (0.25 * a[i] + 0.75 * b[i]), within(1e-6f));
    }
  }

  @Test
  void copiesAndWindows() {
    float[] a = values();
    FlatVector x = vector(a);
    FlatVector copy = math.copyOf(x);
    math.fill(3, x);
    assertThat(read(copy)).containsExactly(a);
    assertThat(read(x)).containsOnly(3);
    FlatVector slice = copy.slice(10, 100);
    Matrix matrix = slice.matrix(4, 2, 3);
    float[] part = new float[6];
    matrix.download(part);
    assertThat(part).containsExactly(Arrays.copyOfRange(a, 14, 20));
    matrix.rows(1, 1).upload(new float[] {7, 8, 9});
    double[] doubles = new double[4];
    copy.get(16, doubles, 0, 4);
    assertThat(doubles).containsExactly(a[16], 7, 8, 9);
    byte[] bytes = new byte[12];
    slice.get(28, bytes);
    FlatVector other = math.zeros(4);
    other.put(4, bytes);
    assertThat(read(other)).containsExactly(0, 7, 8, 9);
  }

  @Test
  void theFirstNonFiniteElement() {
    float[] a = values();
    assertThat(math.firstNonFinite(vector(a))).isEmpty();
    a[69_999] = Float.NaN;
    a[66_001] = Float.POSITIVE_INFINITY;
    assertThat(math.firstNonFinite(vector(a))).hasValue(66_001);
    assertThat(math.innerProducts(vector(a), vector(a)).isFinite()).isFalse();
  }

  @Test
  void stepsOfAdamW() {
    float[] p = values();
    float[] f = values();
    float[] r = values();
    FlatVector parameters = vector(p);
    FlatVector first = math.zeros(LENGTH);
    FlatVector second = vector(squares(p));
    AdamWStep step = new AdamWStep(0.9, 0.99, 1e-6, 0.999, 0.01, 0.5);
    InnerProducts products =
        math.adamWProducts(new Term(vector(r), 0.5), new Term(vector(f), -0.1), second, step);
    math.adamW(
        List.of(new Term(vector(r), 0.5), new Term(vector(f), -0.1)),
        parameters,
        first,
        second,
        step);
    float[] result = read(parameters);
    double rr = 0;
    for (int i = 0; i < LENGTH; i++) {
      double d = 0.5 * r[i] - 0.1 * f[i];
      double v = 0.99 * p[i] * p[i] + 0.01 * d * d;
      double metric = 1 / (Math.sqrt(v) / 0.5 + 1e-6);
      rr += metric * r[i] * r[i];
      double expected = 0.999 * p[i] - 0.01 * 0.1 * d * metric;
      assertThat((double) result[i]).isCloseTo(expected, within(1e-5));
    }
    assertThat(products.first() / rr).isCloseTo(1, within(1e-5));
  }

  private static float[] squares(float[] values) {
    float[] squares = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = values[i] * values[i];
    }
    return squares;
  }

  @Test
  void stepsOfGradientDescent() {
    float[] p = values();
    float[] g = values();
    FlatVector parameters = vector(p);
    FlatVector momentum = vector(g);
    List<Term> direction = List.of(new Term(vector(g), 2));
    math.sgd(direction, parameters, Optional.of(momentum), new SgdStep(0.5, 0.9, 0.1));
    math.sgd(direction, parameters, Optional.empty(), new SgdStep(0.5, 1, 0.1));
    float[] result = read(parameters);
    float[] moment = read(momentum);
    for (int i = 0; i < LENGTH; i++) {
      assertThat(moment[i]).isCloseTo((float) (2.5 * g[i]), within(1e-6f));
      assertThat((double) result[i]).isCloseTo(0.9 * p[i] - 0.25 * g[i] - 0.2 * g[i], within(1e-6));
    }
  }

  @Test
  void selectionsBySign() {
    FlatVector b = vector(1, -1, 0, 3);
    math.selectBySign(new Term(vector(-2, -2, -2, 5), 10), new Term(b, 2));
    assertThat(read(b)).containsExactly(2, -20, -20, 50);
  }
}
