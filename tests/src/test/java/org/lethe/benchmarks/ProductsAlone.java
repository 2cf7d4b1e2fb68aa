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

  private record Shape(Kind kind, Matrix x, Matrix weight, Matrix y, int times) {
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
    shapes.add(new Shape(kind, random(n, in), random(out, in), random(n, out), times));
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
        compute.multiply(Form.AS_IS, s.y(), Form.AS_IS, s.weight(), 1, 0, s.x());
        compute.multiply(Form.TRANSPOSED, s.y(), Form.AS_IS, s.x(), 1e-9, 1, s.weight());
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
      s.x().close();
      s.weight().close();
      s.y().close();
    }
  }
}
