package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.FusedLinear;

/**
 * Runs the matrix products of a forward and backward pass with the decoder's own arithmetic. Their
 * time is a lower bound for a step. It leaves out attention's products, so the bound is not tight.
 */
final class ProductsAlone implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 20;

  /** A head's logits have the precision of the tensors. */
  private enum Kind {
    PROJECTION,
    HEAD
  }

  /** Factors and results are apart, so that values stay the same from run to run. */
  private record Shape(
      Kind kind,
      Matrix x,
      Matrix weight,
      Matrix dY,
      Matrix y,
      Matrix dX,
      Matrix weightGradient,
      int times) {
    /** Multiplications and additions of the three products. */
    double operations() {
      return 6.0 * x.rows() * x.columns() * y.columns() * times;
    }
  }

  private final Backend backend;
  private final Compute compute;
  private final List<Shape> shapes = new ArrayList<>();

  ProductsAlone(Backend backend, Architecture c, int sequences, int length) {
    this.backend = backend;
    compute = backend.compute(backend.threads());
    int n = sequences * length;
    for (Block block : c.blocks()) {
      add(n, block.attention().queryKeyValue());
      add(n, block.attention().output());
      add(n, block.feedForward().up());
      add(n, block.feedForward().down());
    }
    int rows = Math.min(n, CHUNK_BYTES / (4 * c.vocabularySize()) / length * length);
    add(Kind.HEAD, rows, c.hiddenSize(), c.vocabularySize(), n / rows);
    if (n % rows > 0) {
      add(Kind.HEAD, n % rows, c.hiddenSize(), c.vocabularySize(), 1);
    }
  }

  private void add(int n, FusedLinear maps) {
    add(Kind.PROJECTION, n, maps.inputs(), maps.outputs(), 1);
  }

  private void add(Kind kind, int n, int in, int out, int times) {
    shapes.add(
        new Shape(
            kind,
            random(n, in),
            random(out, in),
            random(n, out),
            backend.matrix(n, out),
            backend.matrix(n, in),
            backend.matrix(out, in),
            times));
  }

  private Matrix random(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(rows + 31L * columns);
    Matrix matrix = backend.matrix(rows, columns);
    float[] row = new float[columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) random.nextDouble();
      }
      matrix.rows(i, 1).upload(row);
    }
    return matrix;
  }

  /** y = x W^T, dX = dY W, dW += dY^T x, for every projection and the head. */
  void run() {
    for (Shape s : shapes) {
      for (int i = 0; i < s.times(); i++) {
        if (s.kind() == Kind.HEAD) {
          compute.multiplyPrecisely(Form.AS_IS, s.x(), Form.TRANSPOSED, s.weight(), 1, 0, s.y());
        } else {
          compute.multiply(Form.AS_IS, s.x(), Form.TRANSPOSED, s.weight(), 1, 0, s.y());
        }
        compute.multiply(Form.AS_IS, s.dY(), Form.AS_IS, s.weight(), 1, 0, s.dX());
        compute.multiply(Form.TRANSPOSED, s.dY(), Form.AS_IS, s.x(), 1, 1, s.weightGradient());
      }
    }
  }

  /** Multiplications and additions of {@link #run}. */
  double operations() {
    return shapes.stream().mapToDouble(Shape::operations).sum();
  }

  @Override
  public void close() {
    for (Shape s : shapes) {
      List.of(s.x(), s.weight(), s.dY(), s.y(), s.dX(), s.weightGradient()).forEach(Matrix::close);
    }
  }
}
