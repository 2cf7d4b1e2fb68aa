package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Compute;
import org.lethe.compute.Graphs;
import org.lethe.compute.Matrix;
import org.lethe.compute.Products;

/** Which work is replayed from graphs. {@link org.lethe.model} compares the results. */
final class WorkStreamTest {
  private static final int KEPT = 64;

  private EmulatedDevice device;
  private CudaBackend backend;
  private Compute compute;

  @BeforeEach
  void open() {
    Assumptions.assumeTrue(EmulatedDevice.isPossible() && !TestDevice.isReal(), "needs g++");
    device = EmulatedDevice.install();
    backend = CudaBackend.of(CudaSession.open(0, Optional.empty(), Graphs.ON), Products.FLOAT);
    compute = backend.compute(1);
  }

  /** Adds 1 to a number so many times and returns it. */
  private float counted(Matrix one, Matrix sum, int times) {
    for (int i = 0; i < times; i++) {
      compute.add(one, sum);
    }
    float[] result = new float[1];
    sum.download(result);
    return result[0];
  }

  private Matrix number(float value) {
    Matrix matrix = backend.matrix(1, 1);
    matrix.upload(new float[] {value});
    return matrix;
  }

  @Test
  void recurringWorkIsReplayed() {
    long before = device.graphLaunches();
    Matrix one = number(1);
    Matrix sum = number(0);
    for (int time = 1; time <= 4; time++) {
      assertThat(counted(one, sum, 300)).as("time %d", time).isEqualTo(300 * time);
    }
    // Two segments of 128 and one of 44. The two are equal.
    assertThat(device.graphLaunches() - before).isEqualTo(1 + 3 * 3);
  }

  @Test
  void otherMemoryIsOtherWork() {
    long before = device.graphLaunches();
    Matrix one = number(1);
    for (int time = 0; time < 3; time++) {
      assertThat(counted(one, number(time), 20)).isEqualTo(20 + time);
    }
    assertThat(device.graphLaunches() - before).isZero();
  }

  @Test
  void fewOperationsNeedNoGraph() {
    long before = device.graphLaunches();
    Matrix one = number(1);
    Matrix sum = number(0);
    for (int time = 1; time <= 3; time++) {
      assertThat(counted(one, sum, 7)).isEqualTo(7 * time);
    }
    assertThat(device.graphLaunches() - before).isZero();
  }

  /** The arrays of a kernel are read when it runs, and other arrays need no other graph. */
  @Test
  void arraysMayChange() {
    long before = device.graphLaunches();
    Matrix table = backend.matrix(20, 1);
    table.upload(new float[20]);
    for (int time = 0; time < 3; time++) {
      for (int row = 0; row < 20; row++) {
        compute.setEntries(table.rows(row, 1), new int[1], new double[] {row + 0.5 * time});
      }
      float[] values = new float[20];
      table.download(values);
      for (int row = 0; row < 20; row++) {
        assertThat(values[row]).as("time %d, row %d", time, row).isEqualTo(row + 0.5f * time);
      }
    }
    assertThat(device.graphLaunches() - before).isEqualTo(2);
  }

  /** Arrays of more than a segment holds are copied on their own. */
  @Test
  void arraysMayBeLarge() {
    int rows = 90_000;
    Matrix matrix = backend.matrix(rows, 1);
    matrix.upload(new float[rows]);
    int[] targets = new int[rows];
    double[] sums = new double[rows];
    Arrays.setAll(sums, row -> row);
    for (int part = 0; part < 3; part++) {
      compute.add(matrix.rows(0, 1), matrix.rows(1, 1));
      compute.subtractTargets(matrix, targets, sums);
    }
    float[] values = new float[rows];
    matrix.download(values);
    assertThat(values[rows - 1]).isEqualTo(-3f * (rows - 1));
  }

  @Test
  void theOldestGraphIsForgotten() {
    Matrix one = number(1);
    Matrix[] sums = new Matrix[KEPT + 1];
    Arrays.setAll(sums, i -> number(0));
    for (Matrix sum : sums) {
      counted(one, sum, 8);
      assertThat(counted(one, sum, 8)).isEqualTo(16);
    }
    long before = device.graphLaunches();
    assertThat(counted(one, sums[KEPT], 8)).isEqualTo(24);
    assertThat(device.graphLaunches() - before).isEqualTo(1);
    assertThat(counted(one, sums[0], 8)).isEqualTo(24);
    assertThat(device.graphLaunches() - before).isEqualTo(1);
  }
}
