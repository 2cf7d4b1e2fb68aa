package org.lethe.compute.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.lethe.compute.Activation;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Compute.Turn;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.compute.RotaryTables;
import org.lethe.compute.Scores;
import org.lethe.tensor.Dtype;

/** Runs the arithmetic of a decoder on two backends and compares the results. */
public final class SelfTest {
  private static final int ROWS = 70;
  private static final int[] STARTS = {0, 1, ROWS};
  private static final Heads HEADS = new Heads(4, 2, 16);
  private static final Heads CAPPED =
      new Heads(4, 2, 16, new Scores(0.25, OptionalDouble.of(2), OptionalInt.of(20)));
  private static final Heads LARGE = new Heads(2, 1, 256);
  private static final int WIDTH = HEADS.querySize() + 2 * HEADS.keyValueSize();
  private static final int COLUMNS = 96;

  /** Rows and columns of products that are rounded where products are BFLOAT16. */
  private static final int LARGE_ROWS = 160;

  /**
   * Result of one operation.
   *
   * @param operation name of the operation
   * @param difference norm of the difference of both results, relative to their norm
   */
  public record Result(String operation, double difference) {}

  /** An operation on matrices of random numbers. It changes the last one. */
  private interface Operation {
    void run(Compute compute, List<Matrix> matrices);
  }

  /**
   * An operation and its operands.
   *
   * @param weights shape of a matrix of frozen weights in BFLOAT16, which comes before the others;
   *     empty without one
   * @param shapes of the other matrices
   */
  private record Check(String name, int[] weights, int[][] shapes, Operation operation) {
    Check(String name, int[][] shapes, Operation operation) {
      this(name, new int[0], shapes, operation);
    }
  }

  private SelfTest() {}

  /** Compares all operations of the tested backend with those of the other backend. */
  public static List<Result> run(Backend tested, Backend other) {
    List<Result> results = new ArrayList<>();
    for (Check check : checks()) {
      float[] actual = result(tested, check);
      float[] expected = result(other, check);
      results.add(new Result(check.name(), difference(actual, expected)));
    }
    return results;
  }

  private static float[] result(Backend backend, Check check) {
    Random random = new Random(1);
    List<Matrix> matrices = new ArrayList<>();
    if (check.weights().length > 0) {
      matrices.add(weights(backend, random, check.weights()[0], check.weights()[1]));
    }
    for (int[] shape : check.shapes()) {
      float[] values = new float[shape[0] * shape[1]];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      Matrix matrix = backend.matrix(shape[0], shape[1]);
      matrix.upload(values);
      matrices.add(matrix);
    }
    try {
      check.operation().run(backend.compute(1), matrices);
      Matrix last = matrices.get(matrices.size() - 1);
      float[] result = new float[last.rows() * last.columns()];
      last.download(result);
      return result;
    } finally {
      matrices.forEach(Matrix::close);
    }
  }

  private static Matrix weights(Backend backend, Random random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      // Quarters up to 15 are exact in BFLOAT16.
      values[i] = (random.nextInt(121) - 60) / 4f;
    }
    FlatVector vector = backend.frozen(Dtype.BF16, values.length);
    vector.put(0, values, 0, values.length);
    return vector.matrix(0, rows, columns);
  }

  private static double difference(float[] actual, float[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < actual.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / length);
  }

  private static int[][] shapes(int... rowsAndColumns) {
    return IntStream.range(0, rowsAndColumns.length / 2)
        .mapToObj(i -> Arrays.copyOfRange(rowsAndColumns, 2 * i, 2 * i + 2))
        .toArray(int[][]::new);
  }

  private static List<Check> checks() {
    List<Check> checks = new ArrayList<>(rowChecks());
    checks.addAll(attention("attention", HEADS));
    checks.addAll(attention("attention with window and cap", CAPPED));
    checks.addAll(attention("attention of large heads", LARGE));
    return checks;
  }

  private static List<Check> rowChecks() {
    int[] ids = IntStream.range(0, ROWS).map(i -> i * i % 7).toArray();
    int[] positions = IntStream.range(0, ROWS).toArray();
    double[] numbers = new double[ROWS];
    Arrays.setAll(numbers, i -> 1 - i / 50.0);
    return List.of(
        new Check(
            "products",
            shapes(ROWS, COLUMNS, WIDTH, COLUMNS, ROWS, WIDTH),
            (c, m) -> c.multiply(Form.AS_IS, m.get(0), Form.TRANSPOSED, m.get(1), 1, 1, m.get(2))),
        new Check(
            "large products",
            shapes(LARGE_ROWS, LARGE_ROWS, LARGE_ROWS, LARGE_ROWS, LARGE_ROWS, LARGE_ROWS),
            (c, m) -> c.multiply(Form.TRANSPOSED, m.get(0), Form.AS_IS, m.get(1), 1, 0, m.get(2))),
        new Check(
            "products with BFLOAT16 weights",
            new int[] {WIDTH, COLUMNS},
            shapes(ROWS, COLUMNS, ROWS, WIDTH),
            (c, m) -> c.multiply(Form.AS_IS, m.get(1), Form.TRANSPOSED, m.get(0), 1, 1, m.get(2))),
        new Check(
            "gather of BFLOAT16 weights",
            new int[] {7, COLUMNS},
            shapes(ROWS, COLUMNS),
            (c, m) -> c.gather(m.get(0), ids, m.get(1))),
        new Check(
            "copy of BFLOAT16 weights",
            new int[] {ROWS, COLUMNS},
            shapes(ROWS, COLUMNS),
            (c, m) -> c.copy(m.get(0), m.get(1))),
        new Check(
            "gather",
            shapes(7, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.gather(m.get(0), ids, m.get(1))),
        new Check(
            "scatter",
            shapes(ROWS, COLUMNS, 7, COLUMNS),
            (c, m) -> c.scatterAdd(m.get(0), ids, m.get(1))),
        new Check(
            "column sums",
            shapes(ROWS, COLUMNS, 1, COLUMNS),
            (c, m) -> c.addColumnSums(m.get(0), m.get(1))),
        new Check(
            "norm",
            shapes(ROWS, COLUMNS, 1, COLUMNS, ROWS, 1, ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) -> {
              c.normalize(m.get(0), m.get(1), 1e-5, m.get(2), m.get(3));
              c.normalizeBackward(m.get(3), m.get(0), m.get(1), m.get(2), m.get(4));
            }),
        new Check(
            "norm weights",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS, ROWS, 1, 1, COLUMNS),
            (c, m) -> c.normalizeWeightGradient(m.get(0), m.get(1), m.get(2), m.get(3))),
        new Check(
            "rotation",
            shapes(ROWS, COLUMNS),
            (c, m) -> c.rotate(m.get(0), HEADS.size(), tables(), positions, Turn.FORWARD)),
        new Check(
            "gate",
            shapes(ROWS, 2 * COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.gate(Activation.SILU, m.get(0), m.get(1))),
        new Check(
            "gate, backward",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS, ROWS, 2 * COLUMNS),
            (c, m) -> c.gateBackward(Activation.SILU, m.get(0), m.get(2), m.get(1))),
        new Check(
            "cross-entropy",
            shapes(ROWS, COLUMNS),
            (c, m) -> {
              double[] sums = new double[ROWS];
              c.exponentials(m.get(0), ids, new double[ROWS], sums);
              c.subtractTargets(m.get(0), ids, sums);
              c.scaleRows(numbers, m.get(0));
            }),
        new Check(
            "divergence",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.compare(m.get(1), m.get(0), numbers)));
  }

  /** Attention over sequences, its gradient, and attention over a cache. */
  private static List<Check> attention(String name, Heads heads) {
    int width = heads.querySize() + 2 * heads.keyValueSize();
    int out = heads.querySize();
    return List.of(
        new Check(
            name,
            shapes(ROWS, width, ROWS, heads.query(), ROWS, out),
            (c, m) -> c.attend(heads, STARTS, m.get(0), m.get(1), m.get(2))),
        new Check(
            name + ", backward",
            shapes(ROWS, out, ROWS, width, ROWS, heads.query(), ROWS, out, ROWS, width),
            (c, m) -> {
              c.attend(heads, STARTS, m.get(1), m.get(2), m.get(3));
              c.attendBackward(heads, STARTS, m.get(0), m.get(1), m.get(2), m.get(3), m.get(4));
            }),
        new Check(
            name + ", cached",
            shapes(1, width, ROWS, 2 * heads.keyValueSize(), 1, out),
            (c, m) ->
                c.attendCached(
                    heads, m.get(0), m.get(1), ROWS, new int[] {0}, new int[] {ROWS}, m.get(2))));
  }

  private static RotaryTables tables() {
    int half = HEADS.size() / 2;
    float[] cosines = new float[ROWS * half];
    float[] sines = new float[ROWS * half];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = (float) Math.cos(i);
      sines[i] = (float) Math.sin(i);
    }
    return new RotaryTables(half, cosines, sines);
  }
}
