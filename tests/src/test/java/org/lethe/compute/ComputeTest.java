package org.lethe.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Compute.Turn;

/** Compares every operation of the array backend with the heap backend, on the same numbers. */
final class ComputeTest {
  private static final double TOLERANCE = 2e-5;

  /** Inputs, which are the same on every backend, and the results of an operation. */
  private static final class Bench {
    private final Backend backend;
    private final SplittableRandom random = new SplittableRandom(5);
    private final List<double[]> results = new ArrayList<>();

    Bench(Backend backend) {
      this.backend = backend;
    }

    Matrix matrix(int rows, int columns) {
      Matrix matrix = backend.matrix(rows, columns);
      matrix.upload(numbers(rows * columns));
      return matrix;
    }

    /** A window in a larger matrix; its rows do not follow each other in memory. */
    Matrix window(int rows, int columns) {
      return matrix(rows + 3, columns * 3).rows(2, rows).columns(columns, columns);
    }

    double[] numbers(int count) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) (2 * random.nextDouble() - 1);
      }
      return IntStream.range(0, count).mapToDouble(i -> numbers[i]).toArray();
    }

    void result(Matrix matrix) {
      double[] values = new double[matrix.rows() * matrix.columns()];
      matrix.download(values);
      results.add(values);
    }

    void result(double... values) {
      results.add(values);
    }
  }

  private static void assertSame(TestBackend tested, BiConsumer<Compute, Bench> operation) {
    Bench expected = new Bench(TestBackend.HEAP_FLOAT.backend());
    operation.accept(expected.backend.compute(1), expected);
    Bench found = new Bench(tested.backend());
    operation.accept(found.backend.compute(1), found);
    assertThat(found.results).hasSameSizeAs(expected.results).isNotEmpty();
    for (int i = 0; i < expected.results.size(); i++) {
      double[] values = expected.results.get(i);
      double largest = DoubleStream.of(values).map(Math::abs).max().orElse(0);
      assertThat(found.results.get(i))
          .as("result %d", i)
          .containsExactly(values, offset(TOLERANCE * Math.max(1, largest)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void productsOfWindows(TestBackend backend) {
    int[][] shapes = {{1, 1, 1}, {1, 5, 4}, {6, 1, 3}, {4, 7, 1}, {1, 1, 9}, {5, 8, 6}};
    for (Form a : Form.values()) {
      for (Form b : Form.values()) {
        for (int[] s : shapes) {
          for (double beta : new double[] {0, 1, 0.5}) {
            assertSame(
                backend,
                (compute, bench) -> {
                  int m = s[0];
                  int n = s[1];
                  int k = s[2];
                  Matrix left = a == Form.AS_IS ? bench.window(m, k) : bench.window(k, m);
                  Matrix right = b == Form.AS_IS ? bench.matrix(k, n) : bench.matrix(n, k);
                  Matrix c = bench.window(m, n);
                  compute.multiply(a, left, b, right, 0.7, beta, c);
                  bench.result(c);
                });
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void rowsOfTables(TestBackend backend) {
    int[] ids = {3, 0, 3, 3, 6, 0};
    assertSame(
        backend,
        (compute, bench) -> {
          Matrix table = bench.matrix(7, 5);
          Matrix out = bench.window(ids.length, 5);
          compute.gather(table, ids, out);
          bench.result(out);
          compute.scatterAdd(bench.window(ids.length, 5), ids, table);
          bench.result(table);
          compute.place(bench.window(2, 5), new int[] {4, 1}, table);
          bench.result(table);
          Matrix copy = bench.window(7, 5);
          compute.copy(table, copy);
          compute.addRow(bench.matrix(1, 5), copy);
          compute.scaleRows(bench.numbers(7), copy);
          bench.result(copy);
          Matrix sums = bench.matrix(1, 5);
          compute.addColumnSums(copy, sums);
          bench.result(sums);
          compute.clear(copy);
          bench.result(copy);
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void normAndItsGradients(TestBackend backend) {
    for (int rows : new int[] {1, 5}) {
      assertSame(
          backend,
          (compute, bench) -> {
            Matrix x = bench.matrix(rows, 12);
            Matrix weight = bench.matrix(1, 12);
            Matrix inverse = bench.matrix(rows, 1);
            Matrix out = bench.matrix(rows, 12);
            compute.normalize(x, weight, 1e-5, inverse, out);
            bench.result(inverse);
            bench.result(out);
            compute.renormalize(x, bench.matrix(1, 12), inverse, out);
            bench.result(out);
            Matrix dX = bench.matrix(rows, 12);
            compute.normalizeBackward(out, x, weight, inverse, dX);
            bench.result(dX);
            Matrix dWeight = bench.matrix(1, 12);
            compute.normalizeWeightGradient(out, x, inverse, dWeight);
            bench.result(dWeight);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void rotationByTheAngleOfEachRow(TestBackend backend) {
    assertSame(
        backend,
        (compute, bench) -> {
          float[] cosines = new float[8 * 3];
          float[] sines = new float[8 * 3];
          for (int i = 0; i < cosines.length; i++) {
            cosines[i] = (float) Math.cos(0.3 * i);
            sines[i] = (float) Math.sin(0.3 * i);
          }
          RotaryTables tables = new RotaryTables(3, cosines, sines);
          Matrix qkv = bench.matrix(4, 5 * 6);
          compute.rotate(qkv.columns(0, 3 * 6), 6, tables, new int[] {0, 1, 2, 0}, Turn.FORWARD);
          bench.result(qkv);
          compute.rotate(qkv.columns(6, 2 * 6), 6, tables, new int[] {7, 4, 2, 3}, Turn.BACKWARD);
          bench.result(qkv);
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void attentionAndItsGradients(TestBackend backend) {
    int[] starts = {0, 1, 8, 12};
    for (Heads heads : List.of(new Heads(4, 2, 6), new Heads(3, 3, 2), new Heads(6, 1, 4))) {
      int all = heads.querySize() + 2 * heads.keyValueSize();
      assertSame(
          backend,
          (compute, bench) -> {
            Matrix qkv = bench.matrix(12, all);
            Matrix logSums = bench.matrix(12, heads.query());
            Matrix out = bench.matrix(12, heads.querySize());
            compute.attend(heads, starts, qkv, logSums, out);
            bench.result(out);
            Matrix dQkv = bench.matrix(12, all);
            Matrix dOut = bench.matrix(12, heads.querySize());
            compute.attendBackward(heads, starts, dOut, qkv, logSums, out, dQkv);
            bench.result(dQkv);
            Matrix cache = bench.matrix(3 * 10, 2 * heads.keyValueSize());
            int[] slots = {2, 0};
            int[] lengths = {1, 9};
            Matrix two = bench.matrix(2, heads.querySize());
            compute.attendCached(heads, qkv.rows(3, 2), cache, 10, slots, lengths, two);
            bench.result(two);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void attentionOfSeveralTokensToACache(TestBackend backend) {
    Scores windowed = new Scores(0.3, OptionalDouble.of(2), OptionalInt.of(4));
    for (Heads heads : List.of(new Heads(4, 2, 6), new Heads(4, 2, 6, windowed))) {
      int all = heads.querySize() + 2 * heads.keyValueSize();
      assertSame(
          backend,
          (compute, bench) -> {
            Matrix qkv = bench.matrix(80, all);
            Matrix cache = bench.matrix(3 * 90, 2 * heads.keyValueSize());
            // Runs of 70, 3, 1 and 6 tokens; the last two are in one sequence but not neighbours.
            int[] slots = new int[80];
            int[] lengths = new int[80];
            for (int row = 0; row < 80; row++) {
              slots[row] = row < 70 ? 2 : row < 73 ? 0 : 1;
              lengths[row] = row < 70 ? 5 + row : row < 73 ? row - 69 : row == 73 ? 2 : row - 60;
            }
            Matrix out = bench.matrix(80, heads.querySize());
            compute.attendCached(heads, qkv, cache, 90, slots, lengths, out);
            bench.result(out);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void gatesAndMasks(TestBackend backend) {
    assertSame(
        backend,
        (compute, bench) -> {
          Matrix gateUp = bench.matrix(5, 2 * 7);
          Matrix out = bench.matrix(5, 7);
          compute.gate(Activation.SILU, gateUp, out);
          bench.result(out);
          Matrix activated = bench.matrix(5, 7);
          compute.gateBackward(Activation.SILU, bench.matrix(5, 7), gateUp, activated);
          bench.result(gateUp);
          bench.result(activated);
          for (double beta : new double[] {0, 1}) {
            compute.mask(
                activated,
                (row, mask, count) -> {
                  for (int i = 0; i < count; i++) {
                    mask[i] = (row + i) % 3;
                  }
                },
                beta,
                out);
            bench.result(out);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void lossesOfLogits(TestBackend backend) {
    int[] targets = {4, 0, 10, 10};
    assertSame(
        backend,
        (compute, bench) -> {
          Matrix logits = bench.matrix(4, 11);
          Matrix reference = bench.matrix(4, 11);
          Compute.Moments moments = compute.moments(logits, new int[] {0, 3}, new int[] {5, 10});
          bench.result(moments.sums());
          bench.result(moments.firsts());
          bench.result(moments.seconds());
          bench.result(Arrays.stream(moments.largest()).asDoubleStream().toArray());
          bench.result(moments.shifted());
          Compute.Comparison comparison = compute.compare(logits, reference, bench.numbers(4));
          bench.result(comparison.divergences());
          bench.result(comparison.crossEntropies());
          bench.result(logits);
          bench.result(compute.jensenShannon(logits, bench.matrix(4, 11), bench.numbers(4)));
          bench.result(logits);
          double[] losses = new double[4];
          double[] sums = new double[4];
          compute.exponentials(logits, targets, losses, sums);
          bench.result(losses);
          bench.result(sums);
          compute.subtractTargets(logits, targets, sums);
          bench.result(logits);
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void entriesAndRows(TestBackend backend) {
    assertSame(
        backend,
        (compute, bench) -> {
          Matrix x = bench.matrix(4, 6);
          bench.result(compute.means(x));
          bench.result(compute.squaredNorms(x));
          bench.result(compute.entries(x, new int[] {0, 3, 3}, new int[] {5, 0, 5}));
          compute.setEntries(x, new int[] {1, 1, 5, 0}, new double[] {9, 9, 9, 9});
          bench.result(x);
          bench.result(IntStream.of(compute.largest(x)).asDoubleStream().toArray());
          compute.subtract(bench.matrix(1, 6), x);
          compute.subtract(bench.matrix(4, 6), x);
          bench.result(x);
          compute.fillRows(bench.numbers(4), x);
          bench.result(x);
          bench.result(IntStream.of(compute.largest(x)).asDoubleStream().toArray());
        });
  }
}
