package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Activation;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Compute.Turn;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrices;
import org.lethe.compute.Matrix;
import org.lethe.compute.RotaryTables;
import org.lethe.compute.Scores;
import org.lethe.compute.array.ArrayBackend;
import org.lethe.error.LetheException;
import org.nd4j.linalg.api.buffer.DataType;

/** Compares every kernel with ND4J's operations in DOUBLE. */
final class CudaComputeTest {
  private static final int[] STARTS = {0, 37, 38, 110};

  private static Backend cuda;
  private final Backend exact = new ArrayBackend(DataType.DOUBLE);
  private final Random random = new Random(7);

  @BeforeAll
  static void install() {
    cuda = TestDevice.backend();
  }

  /** Operands of one backend. */
  private record Operands(Backend backend, Compute compute, List<Matrix> matrices) {
    Matrix get(int i) {
      return matrices.get(i);
    }
  }

  private double[][] values(int rows, int columns) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      // Rounded to float, so that both backends start with the same numbers.
      Arrays.setAll(row, i -> (float) random.nextGaussian());
    }
    return values;
  }

  /** Runs an operation on both backends and compares all operands. */
  private void compare(double tolerance, Consumer<Operands> operation, double[][]... operands) {
    Operands device = operands(cuda, operands);
    Operands expected = operands(exact, operands);
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

  private static Operands operands(Backend backend, double[][][] operands) {
    return new Operands(
        backend,
        backend.compute(1),
        Arrays.stream(operands).map(o -> Matrices.of(backend, o)).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "AS_IS, AS_IS, 1, 0",
    "AS_IS, TRANSPOSED, 0.5, 1",
    "TRANSPOSED, AS_IS, 1, 1",
    "TRANSPOSED, TRANSPOSED, -2, 0.25"
  })
  void products(Form formA, Form formB, double alpha, double beta) {
    double[][] a = formA == Form.AS_IS ? values(5, 9) : values(9, 5);
    double[][] b = formB == Form.AS_IS ? values(9, 7) : values(7, 9);
    compare(
        1e-5,
        o -> o.compute().multiply(formA, o.get(0), formB, o.get(1), alpha, beta, o.get(2)),
        a,
        b,
        values(5, 7));
  }

  @Test
  void windows() {
    compare(
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
        values(6, 9),
        values(5, 4),
        values(3, 10));
    compare(0, o -> o.compute().copy(o.get(0).columns(1, 3), o.get(1)), values(4, 5), values(4, 3));
    compare(0, o -> o.compute().clear(o.get(0).columns(1, 3)), values(4, 5));
  }

  @Test
  void rowsOfTables() {
    int[] ids = {3, 0, 3, 5, 0, 3};
    compare(0, o -> o.compute().gather(o.get(0), ids, o.get(1)), values(6, 300), values(6, 300));
    compare(
        1e-5, o -> o.compute().scatterAdd(o.get(0), ids, o.get(1)), values(6, 300), values(6, 300));
  }

  @Test
  void sumsOfColumns() {
    compare(1e-5, o -> o.compute().addRow(o.get(0), o.get(1)), values(1, 40), values(3, 40));
    compare(
        1e-4, o -> o.compute().addColumnSums(o.get(0), o.get(1)), values(200, 70), values(1, 70));
  }

  @Test
  void norms() {
    for (int columns : new int[] {48, 600}) {
      double[][] inverse = values(70, 1);
      compare(
          1e-5,
          o -> {
            o.compute().normalize(o.get(0), o.get(1), 1e-5, o.get(2), o.get(3));
            o.compute().renormalize(o.get(0), o.get(1), o.get(2), o.get(4));
          },
          values(70, columns),
          values(1, columns),
          inverse,
          values(70, columns),
          values(70, columns));
      compare(
          1e-4,
          o -> {
            o.compute().normalizeBackward(o.get(0), o.get(1), o.get(2), o.get(3), o.get(4));
            o.compute().normalizeWeightGradient(o.get(0), o.get(1), o.get(3), o.get(5));
          },
          values(70, columns),
          values(70, columns),
          values(1, columns),
          values(70, 1),
          values(70, columns),
          values(1, columns));
    }
  }

  @Test
  void rotations() {
    float[] cosines = new float[20 * 4];
    float[] sines = new float[20 * 4];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = (float) Math.cos(i);
      sines[i] = (float) Math.sin(i);
    }
    RotaryTables tables = new RotaryTables(4, cosines, sines);
    int[] positions = {0, 7, 19};
    for (Turn turn : Turn.values()) {
      compare(
          1e-6,
          o ->
              o.compute()
                  .rotate(o.get(0).columns(0, 24), 2 * tables.half(), tables, positions, turn),
          values(3, 32));
      compare(
          1e-6,
          o -> o.compute().rotate(o.get(0).columns(0, 24), 12, tables, positions, turn),
          values(3, 36));
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 2, 8", "2, 2, 48", "3, 1, 64", "2, 1, 128"})
  void attention(int query, int keyValue, int size) {
    Heads heads = new Heads(query, keyValue, size);
    int n = STARTS[STARTS.length - 1];
    int width = heads.querySize() + 2 * heads.keyValueSize();
    compare(
        1e-4,
        o -> {
          Matrix logSums = o.backend().matrix(n, query);
          o.compute().attend(heads, STARTS, o.get(0), logSums, o.get(1));
          o.compute()
              .attendBackward(heads, STARTS, o.get(2), o.get(0), logSums, o.get(1), o.get(3));
        },
        values(n, width),
        values(n, heads.querySize()),
        values(n, heads.querySize()),
        values(n, width));
  }

  @ParameterizedTest
  @CsvSource({"4, 2, 8", "3, 1, 64", "2, 1, 128"})
  void cachedAttention(int query, int keyValue, int size) {
    Heads heads = new Heads(query, keyValue, size);
    int[] slots = {2, 0};
    int[] lengths = {19, 3};
    compare(
        1e-5,
        o -> o.compute().attendCached(heads, o.get(0), o.get(1), 20, slots, lengths, o.get(2)),
        values(2, heads.querySize() + 2 * heads.keyValueSize()),
        values(60, 2 * heads.keyValueSize()),
        values(2, heads.querySize()));
  }

  @ParameterizedTest
  @EnumSource
  void activations(Activation f) {
    compare(1e-6, o -> o.compute().gate(f, o.get(0), o.get(1)), values(3, 600), values(3, 300));
    compare(
        1e-5,
        o -> o.compute().gateBackward(f, o.get(0), o.get(1), o.get(2)),
        values(3, 300),
        values(3, 600),
        values(3, 300));
    compare(1e-6, o -> o.compute().activate(f, o.get(0), o.get(1)), values(3, 300), values(3, 300));
    compare(
        1e-5,
        o -> o.compute().activateBackward(f, o.get(0), o.get(1), o.get(2)),
        values(3, 300),
        values(3, 300),
        values(3, 300));
  }

  @Test
  void sumsCentredRowsAndSoftCaps() {
    compare(1e-6, o -> o.compute().add(o.get(0), o.get(1)), values(3, 300), values(3, 300));
    compare(1e-6, o -> o.compute().center(o.get(0), o.get(1)), values(3, 300), values(3, 300));
    compare(1e-6, o -> o.compute().softCap(1.5, o.get(0)), values(3, 300));
    compare(
        1e-6,
        o -> o.compute().softCapBackward(30, o.get(0), o.get(1)),
        values(3, 300),
        values(3, 300));
  }

  @Test
  void normsOfGroups() {
    compare(
        1e-5,
        o -> {
          o.compute().normalize(o.get(0), o.get(1), 1e-5, o.get(2), o.get(3));
          o.compute().renormalize(o.get(0), o.get(1), o.get(2), o.get(4));
          o.compute().normalizeBackward(o.get(5), o.get(0), o.get(1), o.get(2), o.get(6));
          o.compute().normalizeWeightGradient(o.get(5), o.get(0), o.get(2), o.get(7));
        },
        values(70, 32),
        values(1, 8),
        values(70, 4),
        values(70, 32),
        values(70, 32),
        values(70, 32),
        values(70, 32),
        values(1, 8));
  }

  @Test
  void windowsSoftCapsAndLargeHeadsAreRejectedBeforeWorkStarts() {
    Scores window = Scores.scaled(1).within(OptionalInt.of(7));
    Scores capped = new Scores(1, OptionalDouble.of(50), OptionalInt.empty());
    for (Scores scores : List.of(window, capped)) {
      assertThatThrownBy(() -> TestDevice.backend().requireAttention(new Heads(2, 1, 8, scores)))
          .isInstanceOf(LetheException.class)
          .hasMessage(
              "The CUDA kernels do not compute windows and soft caps of attention; set"
                  + " lethe.platform.backend = cpu");
    }
    assertThatThrownBy(() -> TestDevice.backend().requireAttention(new Heads(2, 1, 256)))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Attention heads of 256 elements are too large for the CUDA kernels, which take up to"
                + " 128; set lethe.platform.backend = cpu");
  }

  @Test
  void masks() {
    for (double beta : new double[] {0, 1}) {
      compare(
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
          values(4, 50),
          values(4, 50));
    }
  }

  @Test
  void lossesOfTokens() {
    int[] targets = {0, 299, 17};
    double[][] results = new double[4][3];
    compare(
        1e-5,
        o -> {
          boolean device = o.get(0).type() == DataType.FLOAT;
          double[] losses = results[device ? 0 : 2];
          double[] sums = results[device ? 1 : 3];
          o.compute().exponentials(o.get(0), targets, losses, sums);
          o.compute().subtractTargets(o.get(0), targets, sums);
          o.compute().scaleRows(new double[] {0.5, -1, 2e-3}, o.get(0));
        },
        values(3, 300));
    assertThat(results[0]).containsExactly(results[2], within(1e-5));
    assertThat(results[1]).containsExactly(results[3], within(1e-4));
  }

  @Test
  void comparisonsOfLogits() {
    double[] weights = {1, -0.25, 3};
    Compute.Comparison[] comparisons = new Compute.Comparison[2];
    double[][] logits = values(3, 300);
    double[][] reference = values(3, 300);
    reference[1][4] = -1e30;
    Operands device = operands(cuda, new double[][][] {logits, reference});
    Operands expected = operands(exact, new double[][][] {logits, reference});
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
    double[][] values = values(3, 300);
    values[0][10] = 9;
    values[0][200] = 9;
    values[2][31] = Double.NaN;
    Operands device = operands(cuda, new double[][][] {values});
    int[] largest = device.compute().largest(device.get(0));
    assertThat(largest[0]).isEqualTo(10);
    assertThat(values[1][largest[1]]).isEqualTo(Arrays.stream(values[1]).max().getAsDouble());
    assertThat(largest[2]).isEqualTo(-1);
  }

  @Test
  void numbersOfRows() {
    double[][] values = values(5, 300);
    Operands device = operands(cuda, new double[][][] {values});
    Operands expected = operands(exact, new double[][][] {values});
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
    assertThat(moments.shifted()).containsExactly(wanted.shifted(), within(1e-6));
  }

  @Test
  void changesOfRows() {
    double[] values = {1, 2, 3};
    compare(1e-6, o -> o.compute().setEntries(o.get(0), new int[] {0, 5, 2}, values), values(3, 6));
    compare(1e-6, o -> o.compute().fillRows(values, o.get(0).columns(1, 4)), values(3, 6));
    compare(1e-6, o -> o.compute().subtract(o.get(0), o.get(1)), values(1, 6), values(3, 6));
    compare(1e-6, o -> o.compute().subtract(o.get(0), o.get(1)), values(3, 6), values(3, 6));
  }

  @Test
  void theSameInputGivesTheSameBytes() {
    double[][] in = values(200, 70);
    int[] ids = random.ints(200, 0, 9).toArray();
    double[][] first = sums(in, ids);
    assertThat(sums(in, ids)).isDeepEqualTo(first);
  }

  private static double[][] sums(double[][] in, int[] ids) {
    Operands o = operands(cuda, new double[][][] {in, new double[9][70], new double[1][70]});
    o.compute().scatterAdd(o.get(0), ids, o.get(1));
    o.compute().addColumnSums(o.get(1), o.get(2));
    return Matrices.rows(o.get(2));
  }
}
