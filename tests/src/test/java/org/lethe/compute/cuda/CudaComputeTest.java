package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Activation;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrices;

/** Compares kernels on rows, columns and elements with ND4J's operations in DOUBLE. */
final class CudaComputeTest {
  private OnBothBackends operations;

  @BeforeEach
  void open() {
    operations = new OnBothBackends();
  }

  @ParameterizedTest
  @CsvSource({
    "AS_IS, AS_IS, 1, 0",
    "AS_IS, TRANSPOSED, 0.5, 1",
    "TRANSPOSED, AS_IS, 1, 1",
    "TRANSPOSED, TRANSPOSED, -2, 0.25"
  })
  void products(Form formA, Form formB, double alpha, double beta) {
    double[][] a = formA == Form.AS_IS ? operations.values(5, 9) : operations.values(9, 5);
    double[][] b = formB == Form.AS_IS ? operations.values(9, 7) : operations.values(7, 9);
    operations.compare(
        1e-5,
        o -> o.compute().multiply(formA, o.get(0), formB, o.get(1), alpha, beta, o.get(2)),
        a,
        b,
        operations.values(5, 7));
  }

  @Test
  void windows() {
    operations.compare(
        1e-5,
        o ->
            o.compute()
                .multiply(
                    Form.AS_IS,
                    o.get(0).columns(2, 4).rows(1, 3),
                    Form.TRANSPOSED,
                    o.get(1),
                    1,
                    1,
                    o.get(2).columns(3, 5)),
        operations.values(6, 9),
        operations.values(5, 4),
        operations.values(3, 10));
    operations.compare(
        0,
        o -> o.compute().copy(o.get(0).columns(1, 3), o.get(1)),
        operations.values(4, 5),
        operations.values(4, 3));
    operations.compare(0, o -> o.compute().clear(o.get(0).columns(1, 3)), operations.values(4, 5));
  }

  @Test
  void rowsOfTables() {
    int[] ids = {3, 0, 3, 5, 0, 3};
    operations.compare(
        0,
        o -> o.compute().gather(o.get(0), ids, o.get(1)),
        operations.values(6, 300),
        operations.values(6, 300));
    operations.compare(
        0,
        o -> o.compute().place(o.get(0).columns(1, 4), new int[] {5, 0, 2}, o.get(1)),
        operations.values(3, 6),
        operations.values(6, 4));
    operations.compare(
        1e-5,
        o -> o.compute().scatterAdd(o.get(0), ids, o.get(1)),
        operations.values(6, 300),
        operations.values(6, 300));
  }

  @Test
  void sumsOfColumns() {
    operations.compare(
        1e-5,
        o -> o.compute().addRow(o.get(0), o.get(1)),
        operations.values(1, 40),
        operations.values(3, 40));
    operations.compare(
        1e-4,
        o -> o.compute().addColumnSums(o.get(0), o.get(1)),
        operations.values(200, 70),
        operations.values(1, 70));
  }

  @Test
  void norms() {
    for (int columns : new int[] {48, 600}) {
      double[][] inverse = operations.values(70, 1);
      operations.compare(
          1e-5,
          o -> {
            o.compute().normalize(o.get(0), o.get(1), 1e-5, o.get(2), o.get(3));
            o.compute().renormalize(o.get(0), o.get(1), o.get(2), o.get(4));
          },
          operations.values(70, columns),
          operations.values(1, columns),
          inverse,
          operations.values(70, columns),
          operations.values(70, columns));
      operations.compare(
          1e-4,
          o -> {
            o.compute().normalizeBackward(o.get(0), o.get(1), o.get(2), o.get(3), o.get(4));
            o.compute().normalizeWeightGradient(o.get(0), o.get(1), o.get(3), o.get(5));
          },
          operations.values(70, columns),
          operations.values(70, columns),
          operations.values(1, columns),
          operations.values(70, 1),
          operations.values(70, columns),
          operations.values(1, columns));
    }
  }

  @Test
  void normsOfGroups() {
    operations.compare(
        1e-5,
        o -> {
          o.compute().normalize(o.get(0), o.get(1), 1e-5, o.get(2), o.get(3));
          o.compute().renormalize(o.get(0), o.get(1), o.get(2), o.get(4));
          o.compute().normalizeBackward(o.get(5), o.get(0), o.get(1), o.get(2), o.get(6));
          o.compute().normalizeWeightGradient(o.get(5), o.get(0), o.get(2), o.get(7));
        },
        operations.values(70, 32),
        operations.values(1, 8),
        operations.values(70, 4),
        operations.values(70, 32),
        operations.values(70, 32),
        operations.values(70, 32),
        operations.values(70, 32),
        operations.values(1, 8));
  }

  @ParameterizedTest
  @EnumSource
  void activations(Activation f) {
    operations.compare(
        1e-6,
        o -> o.compute().gate(f, o.get(0), o.get(1)),
        operations.values(3, 600),
        operations.values(3, 300));
    operations.compare(
        1e-5,
        o -> o.compute().gateBackward(f, o.get(0), o.get(1), o.get(2)),
        operations.values(3, 300),
        operations.values(3, 600),
        operations.values(3, 300));
    operations.compare(
        1e-6,
        o -> o.compute().activate(f, o.get(0), o.get(1)),
        operations.values(3, 300),
        operations.values(3, 300));
    operations.compare(
        1e-5,
        o -> o.compute().activateBackward(f, o.get(0), o.get(1), o.get(2)),
        operations.values(3, 300),
        operations.values(3, 300),
        operations.values(3, 300));
  }

  @Test
  void sumsCentredRowsAndSoftCaps() {
    operations.compare(
        1e-6,
        o -> o.compute().add(o.get(0), o.get(1)),
        operations.values(3, 300),
        operations.values(3, 300));
    operations.compare(
        1e-6,
        o -> o.compute().center(o.get(0), o.get(1)),
        operations.values(3, 300),
        operations.values(3, 300));
    operations.compare(1e-6, o -> o.compute().softCap(1.5, o.get(0)), operations.values(3, 300));
    operations.compare(
        1e-6,
        o -> o.compute().softCapBackward(30, o.get(0), o.get(1)),
        operations.values(3, 300),
        operations.values(3, 300));
  }

  @Test
  void masks() {
    for (double beta : new double[] {0, 1}) {
      operations.compare(
          1e-6,
          o ->
              o.compute()
                  .mask(
                      o.get(0),
                      (row, mask, count) -> {
                        for (int i = 0; i < count; i++) {
                          mask[i] = (row + i) % 3;
                        }
                      },
                      beta,
                      o.get(1)),
          operations.values(4, 50),
          operations.values(4, 50));
    }
  }

  @Test
  void changesOfRows() {
    double[] values = {1, 2, 3};
    operations.compare(
        1e-6,
        o -> o.compute().setEntries(o.get(0), new int[] {0, 5, 2}, values),
        operations.values(3, 6));
    operations.compare(
        1e-6, o -> o.compute().fillRows(values, o.get(0).columns(1, 4)), operations.values(3, 6));
    operations.compare(
        1e-6,
        o -> o.compute().subtract(o.get(0), o.get(1)),
        operations.values(1, 6),
        operations.values(3, 6));
    operations.compare(
        1e-6,
        o -> o.compute().subtract(o.get(0), o.get(1)),
        operations.values(3, 6),
        operations.values(3, 6));
  }

  @Test
  void theSameInputGivesTheSameBytes() {
    double[][] in = operations.values(200, 70);
    int[] ids = operations.random().ints(200, 0, 9).toArray();
    double[][] first = sums(in, ids);
    assertThat(sums(in, ids)).isDeepEqualTo(first);
  }

  private double[][] sums(double[][] in, int[] ids) {
    OnBothBackends.Operands o = operations.onDevice(in, new double[9][70], new double[1][70]);
    o.compute().scatterAdd(o.get(0), ids, o.get(1));
    o.compute().addColumnSums(o.get(1), o.get(2));
    return Matrices.rows(o.get(2));
  }
}
