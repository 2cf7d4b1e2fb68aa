package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrices;
import org.lethe.compute.Matrix;
import org.nd4j.linalg.api.buffer.DataType;

/** Compares the kernels that read logits and other rows with ND4J's operations in DOUBLE. */
final class CudaLogitsTest {
  private OnBothBackends operations;

  @BeforeEach
  void open() {
    operations = new OnBothBackends();
  }

  @Test
  void lossesOfTokens() {
    int[] targets = {0, 299, 17};
    double[][] results = new double[4][3];
    operations.compare(
        1e-5,
        o -> {
          boolean device = o.get(0).type() == DataType.FLOAT;
          double[] losses = results[device ? 0 : 2];
          double[] sums = results[device ? 1 : 3];
          o.compute().exponentials(o.get(0), targets, losses, sums);
          o.compute().subtractTargets(o.get(0), targets, sums);
          o.compute().scaleRows(new double[] {0.5, -1, 2e-3}, o.get(0));
        },
        operations.values(3, 300));
    assertThat(results[0]).containsExactly(results[2], within(1e-5));
    assertThat(results[1]).containsExactly(results[3], within(1e-4));
  }

  @Test
  void comparisonsOfLogits() {
    double[] weights = {1, -0.25, 3};
    Compute.Comparison[] comparisons = new Compute.Comparison[2];
    double[][] logits = operations.values(3, 300);
    double[][] reference = operations.values(3, 300);
    reference[1][4] = -1e30;
    OnBothBackends.Operands device = operations.onDevice(logits, reference);
    OnBothBackends.Operands expected = operations.exact(logits, reference);
    comparisons[0] = device.compute().compare(device.get(0), device.get(1), weights);
    comparisons[1] = expected.compute().compare(expected.get(0), expected.get(1), weights);
    assertThat(comparisons[0].divergences())
        .containsExactly(comparisons[1].divergences(), within(1e-5));
    assertThat(comparisons[0].crossEntropies())
        .containsExactly(comparisons[1].crossEntropies(), within(1e-5));
    assertThat(Matrices.rows(device.get(0))[1])
        .containsExactly(Matrices.rows(expected.get(0))[1], within(1e-6));
  }

  @Test
  void largestOfRows() {
    double[][] values = operations.values(3, 300);
    values[0][10] = 9;
    values[0][200] = 9;
    values[2][31] = Double.NaN;
    OnBothBackends.Operands device = operations.onDevice(values);
    int[] largest = device.compute().largest(device.get(0));
    assertThat(largest[0]).isEqualTo(10);
    assertThat(values[1][largest[1]]).isEqualTo(Arrays.stream(values[1]).max().getAsDouble());
    assertThat(largest[2]).isEqualTo(-1);
  }

  @Test
  void numbersOfRows() {
    double[][] values = operations.values(5, 300);
    OnBothBackends.Operands device = operations.onDevice(values);
    OnBothBackends.Operands expected = operations.exact(values);
    Compute a = device.compute();
    Compute b = expected.compute();
    Matrix x = device.get(0);
    Matrix y = expected.get(0);
    assertThat(a.means(x)).containsExactly(b.means(y), within(1e-6));
    assertThat(a.squaredNorms(x)).containsExactly(b.squaredNorms(y), within(1e-3));
    int[] rows = {4, 0, 4};
    int[] columns = {299, 0, 7};
    assertThat(a.entries(x, rows, columns)).containsExactly(b.entries(y, rows, columns));
    Compute.Moments moments = a.moments(x, rows, columns);
    Compute.Moments wanted = b.moments(y, rows, columns);
    assertThat(moments.sums()).containsExactly(wanted.sums(), within(1e-4));
    assertThat(moments.firsts()).containsExactly(wanted.firsts(), within(1e-4));
    assertThat(moments.seconds()).containsExactly(wanted.seconds(), within(1e-3));
    assertThat(moments.largest()).isEqualTo(wanted.largest());
    assertThat(moments.shifted()).containsExactly(wanted.shifted(), within(1e-6));
  }
}
