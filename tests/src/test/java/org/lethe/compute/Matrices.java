package org.lethe.compute;

import org.lethe.compute.selection.Backends;
import org.nd4j.linalg.api.buffer.DataType;

/** Converts between matrices and rows of numbers. */
public final class Matrices {
  private Matrices() {}

  public static Matrix of(DataType type, double[][] rows) {
    return of(Backends.of(type), rows);
  }

  public static Matrix of(Backend backend, double[][] rows) {
    Matrix matrix = backend.matrix(rows.length, rows[0].length);
    for (int row = 0; row < rows.length; row++) {
      matrix.rows(row, 1).upload(rows[row]);
    }
    return matrix;
  }

  public static double[][] rows(Matrix matrix) {
    double[][] rows = new double[matrix.rows()][matrix.columns()];
    for (int row = 0; row < rows.length; row++) {
      matrix.rows(row, 1).download(rows[row]);
    }
    return rows;
  }
}
