package org.lethe.model;

import java.util.Iterator;
import java.util.List;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;

/**
 * Weights that stand one below the other, such as those of query, key and value, or their
 * gradients. Neighbours in memory are one part, so that one product serves them; parts that are
 * kept apart (some frozen, some trained) get a product each. Gradients of frozen weights are
 * missing.
 */
record Parts(List<Part> parts) implements Iterable<Parts.Part> {
  /**
   * One piece.
   *
   * @param first index of its first output among those of all pieces
   * @param matrix [out, in], or [1, out] for a bias
   */
  record Part(int first, Matrix matrix) {}

  Parts {
    parts = List.copyOf(parts);
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** The matrix of a weight that is a single tensor. */
  Matrix whole() {
    if (parts.size() != 1) {
      throw new IllegalStateException("Invalid weight: " + parts.size() + " parts, expected 1");
    }
    return parts.get(0).matrix();
  }

  @Override
  public Iterator<Part> iterator() {
    return parts.iterator();
  }

  /** y = x W^T + bias + beta y. */
  static void project(Compute c, Matrix x, Parts weight, Parts bias, double beta, Matrix y) {
    for (Part w : weight) {
      Matrix columns = y.columns(w.first(), w.matrix().rows());
      c.multiply(Form.AS_IS, x, Form.TRANSPOSED, w.matrix(), 1, beta, columns);
    }
    for (Part b : bias) {
      c.addRow(b.matrix(), y.columns(b.first(), b.matrix().columns()));
    }
  }

  /** dX = dY W. */
  static void projectBackward(Compute c, Matrix dY, Parts weight, Matrix dX) {
    double beta = 0;
    for (Part w : weight) {
      Matrix columns = dY.columns(w.first(), w.matrix().rows());
      c.multiply(Form.AS_IS, columns, Form.AS_IS, w.matrix(), 1, beta, dX);
      beta = 1;
    }
  }

  /** dW += dY^T x, dBias += column sums of dY. */
  static void addGradients(Compute c, Matrix dY, Matrix x, Parts dWeight, Parts dBias) {
    for (Part w : dWeight) {
      Matrix columns = dY.columns(w.first(), w.matrix().rows());
      c.multiply(Form.TRANSPOSED, columns, Form.AS_IS, x, 1, 1, w.matrix());
    }
    for (Part b : dBias) {
      c.addColumnSums(dY.columns(b.first(), b.matrix().columns()), b.matrix());
    }
  }
}
