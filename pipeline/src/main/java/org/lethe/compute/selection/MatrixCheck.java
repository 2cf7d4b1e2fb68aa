package org.lethe.compute.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.tensor.Dtype;

/**
 * An operation and its operands.
 *
 * @param name of the operation, for reports
 * @param weights shape of a matrix of frozen weights in BFLOAT16, which comes before the others;
 *     empty without one
 * @param shapes of the other matrices
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record MatrixCheck(String name, int[] weights, int[][] shapes, Operation operation)
    implements SelfTest.Check {
  /** An operation on matrices of random numbers. It changes the last one. */
  interface Operation {
    void run(Compute compute, List<Matrix> matrices);
  }

  /** Numbers that an operation returns for matrices that it does not change. */
  interface Figures {
    double[] of(Compute compute, List<Matrix> matrices);
  }

  MatrixCheck(String name, int[][] shapes, Operation operation) {
    this(name, new int[0], shapes, operation);
  }

  /** Returns a check of numbers. */
  static MatrixCheck ofFigures(String name, int count, int[][] shapes, Figures figures) {
    int[][] all = Arrays.copyOf(shapes, shapes.length + 1);
    all[shapes.length] = new int[] {1, count};
    return new MatrixCheck(
        name,
        all,
        (compute, matrices) ->
            matrices.get(shapes.length).upload(floats(figures.of(compute, matrices))));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  static int[][] shapes(int... rowsAndColumns) {
    return IntStream.range(0, rowsAndColumns.length / 2)
        .mapToObj(i -> Arrays.copyOfRange(rowsAndColumns, 2 * i, 2 * i + 2))
        .toArray(int[][]::new);
  }

  @Override
  public float[] result(Backend backend, Random random) {
    List<Matrix> matrices = new ArrayList<>();
    if (weights.length > 0) {
      matrices.add(frozen(backend, random, weights[0], weights[1]));
    }
    for (int[] shape : shapes) {
      Matrix matrix = backend.matrix(shape[0], shape[1]);
      matrix.upload(SelfTest.values(random, shape[0] * shape[1]));
      matrices.add(matrix);
    }
    try {
      operation.run(backend.compute(1), matrices);
      Matrix last = matrices.get(matrices.size() - 1);
      float[] result = new float[last.rows() * last.columns()];
      last.download(result);
      return result;
    } finally {
      matrices.forEach(Matrix::close);
    }
  }

  private static Matrix frozen(Backend backend, Random random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      // Quarters up to 15 are exact in BFLOAT16.
      values[i] = (random.nextInt(121) - 60) / 4f;
    }
    FlatVector vector = backend.frozen(Dtype.BF16, values.length);
    vector.put(0, values, 0, values.length);
    return vector.matrix(0, rows, columns);
  }
}
