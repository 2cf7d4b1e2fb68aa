package org.lethe.compute.heap;

import java.util.SplittableRandom;
import org.lethe.compute.Matrix;

/** Random numbers between -1 and 1 and matrices of them. */
final class HeapNumbers {
  private final HeapBackend backend;
  private final SplittableRandom random;

  HeapNumbers(HeapBackend backend, long seed) {
    this.backend = backend;
    random = new SplittableRandom(seed);
  }

  float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextDouble(-1, 1);
    }
    return numbers;
  }

  Matrix matrix(int rows, int columns, float[] values) {
    Matrix matrix = backend.matrix(rows, columns);
    ((HeapMatrix) matrix).upload(values);
    return matrix;
  }

  static float[] values(Matrix matrix) {
    float[] values = new float[matrix.rows() * matrix.columns()];
    ((HeapMatrix) matrix).download(values);
    return values;
  }
}
