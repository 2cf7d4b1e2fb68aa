package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrices;
import org.lethe.compute.Matrix;
import org.lethe.compute.array.ArrayBackend;
import org.nd4j.linalg.api.buffer.DataType;

/** Runs operations on the device and with ND4J in DOUBLE, with the same operands. */
final class OnBothBackends {
  private final Backend cuda = TestDevice.backend();
  private final Backend exact = new ArrayBackend(DataType.DOUBLE);
  private final Random random = new Random(7);

  /** Operands of one backend. */
  record Operands(Backend backend, Compute compute, List<Matrix> matrices) {
    Matrix get(int i) {
      return matrices.get(i);
    }
  }

  Random random() {
    return random;
  }

  /** Returns random values, which both backends can represent. */
  double[][] values(int rows, int columns) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      // Rounded to float, so that both backends start with the same numbers.
      Arrays.setAll(row, i -> (float) random.nextGaussian());
    }
    return values;
  }

  /** Runs an operation on both backends and compares all operands. */
  void compare(double tolerance, Consumer<Operands> operation, double[][]... operands) {
    Operands device = onDevice(operands);
    Operands expected = exact(operands);
    operation.accept(device);
    operation.accept(expected);
    for (int i = 0; i < operands.length; i++) {
      double[][] actual = Matrices.rows(device.get(i));
      double[][] wanted = Matrices.rows(expected.get(i));
      for (int row = 0; row < wanted.length; row++) {
        assertThat(actual[row])
            .as("operand %d, row %d", i, row)
            .containsExactly(wanted[row], within(tolerance));
      }
    }
  }

  Operands onDevice(double[][]... operands) {
    return operands(cuda, operands);
  }

  Operands exact(double[][]... operands) {
    return operands(exact, operands);
  }

  private static Operands operands(Backend backend, double[][][] operands) {
    return new Operands(
        backend,
        backend.compute(1),
        Arrays.stream(operands).map(o -> Matrices.of(backend, o)).toList());
  }
}
