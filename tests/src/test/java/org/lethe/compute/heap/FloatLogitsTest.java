package org.lethe.compute.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Moments;
import org.lethe.compute.Matrix;
import org.lethe.compute.TestBackend;

final class FloatLogitsTest {
  /** More than two blocks, and not a multiple of one. */
  private static final int COLUMNS = 2 * Exponential.BLOCK + 77;

  private static final int ROWS = 5;

  private final Compute compute = TestBackend.HEAP_FLOAT.backend().compute(2);

  /** The definitions in double. */
  @Test
  void momentsOfARowAreThoseOfItsSoftmax() {
    double[] values = logits();
    int[] rows = {0, 4, 4};
    int[] columns = {COLUMNS - 1, 0, 1500};

    Moments moments = compute.moments(matrix(values), rows, columns);

    for (int row = 0; row < ROWS; row++) {
      int from = row * COLUMNS;
      double[] s = DoubleStream.of(values).skip(from).limit(COLUMNS).toArray();
      double maximum = DoubleStream.of(s).max().orElseThrow();
      double sum = 0;
      double first = 0;
      double second = 0;
      for (int i = 0; i < COLUMNS; i++) {
        s[i] -= maximum;
        sum += Math.exp(s[i]);
        first += Math.exp(s[i]) * s[i];
        second += Math.exp(s[i]) * s[i] * s[i];
      }
      assertThat(moments.sums()[row]).isCloseTo(sum, withinPercentage(1e-4));
      assertThat(moments.firsts()[row]).isCloseTo(first, withinPercentage(1e-4));
      assertThat(moments.seconds()[row]).isCloseTo(second, withinPercentage(1e-4));
      assertThat(s[moments.largest()[row]]).isZero();
    }
    for (int i = 0; i < rows.length; i++) {
      double shifted =
          values[rows[i] * COLUMNS + columns[i]]
              - values[rows[i] * COLUMNS + moments.largest()[rows[i]]];
      assertThat(moments.shifted()[i]).isCloseTo(shifted, within(1e-12));
    }
  }

  /** A model that rules out a token adds nothing to the moments, however small its logit is. */
  @Test
  void anImpossibleTokenAddsNothing() {
    double[] values = logits();
    Moments without = compute.moments(matrix(values), new int[0], new int[0]);
    values[7] = -1e30;
    Moments with = compute.moments(matrix(values), new int[0], new int[0]);

    assertThat(with.seconds()[0]).isCloseTo(without.seconds()[0], withinPercentage(1));
  }

  /** The loss of a token follows from the moments, with the bytes of the loss alone. */
  @Test
  void sumsAreThoseOfTheExponentials() {
    Matrix logits = matrix(logits());
    int[] targets = {3, 1, 4, 1, 5};
    Moments moments = compute.moments(logits, new int[] {0, 1, 2, 3, 4}, targets);
    double[] losses = new double[ROWS];
    double[] sums = new double[ROWS];
    compute.exponentials(logits, targets, losses, sums);

    assertThat(moments.sums()).isEqualTo(sums);
    for (int row = 0; row < ROWS; row++) {
      assertThat(Math.log(moments.sums()[row]) - moments.shifted()[row]).isEqualTo(losses[row]);
    }
  }

  @Test
  void theFirstOfTwoEqualMaximaIsTheLargest() {
    double[] values = logits();
    values[Exponential.BLOCK + 1] = 30;
    values[Exponential.BLOCK + 5] = 30;

    assertThat(compute.moments(matrix(values), new int[0], new int[0]).largest()[0])
        .isEqualTo(Exponential.BLOCK + 1);
  }

  private static Matrix matrix(double[] values) {
    Matrix matrix = TestBackend.HEAP_FLOAT.backend().matrix(ROWS, COLUMNS);
    matrix.upload(values);
    return matrix;
  }

  /** FLOAT values between -12 and 12. */
  private static double[] logits() {
    SplittableRandom random = new SplittableRandom(11);
    return random.doubles((long) ROWS * COLUMNS, -12, 12).map(v -> (float) v).toArray();
  }
}
