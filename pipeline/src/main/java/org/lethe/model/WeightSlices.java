package org.lethe.model;

import java.util.Iterator;
import java.util.List;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;

/**
 * The stacked weights of linear maps that share an input, such as query, key and value, or the
 * gradients of these weights. Neighbours in memory are one slice, so that one product serves them.
 * Weights that are not neighbours (some frozen, some trained) get a product each. Gradients of
 * frozen weights are absent.
 */
record WeightSlices(List<Slice> slices) implements Iterable<WeightSlices.Slice> {
  /**
   * Rows of the stack that are contiguous in memory.
   *
   * @param first index of its first output among the outputs of all slices
   * @param matrix [out, in], or [1, out] for a bias
   */
  record Slice(int first, Matrix matrix) {}

  WeightSlices {
    slices = List.copyOf(slices);
  }

  boolean isEmpty() {
    return slices.isEmpty();
  }

  /** The matrix of a weight that is a single tensor. */
  Matrix whole() {
    if (slices.size() != 1) {
      throw new IllegalStateException("Invalid weight: " + slices.size() + " slices, expected 1");
    }
    return slices.get(0).matrix();
  }

  @Override
  public Iterator<Slice> iterator() {
    return slices.iterator();
  }

  /** y = x W^T + bias + beta y. */
  static void project(
      Compute c, Matrix x, WeightSlices weight, WeightSlices bias, double beta, Matrix y) {
    for (Slice w : weight) {
      Matrix columns = y.columns(w.first(), w.matrix().rows());
      c.multiply(Form.AS_IS, x, Form.TRANSPOSED, w.matrix(), 1, beta, columns);
    }
    for (Slice b : bias) {
      c.addRow(b.matrix(), y.columns(b.first(), b.matrix().columns()));
    }
  }

  /** dX = dY W. */
  static void projectBackward(Compute c, Matrix dY, WeightSlices weight, Matrix dX) {
    double beta = 0;
    for (Slice w : weight) {
      Matrix columns = dY.columns(w.first(), w.matrix().rows());
      c.multiply(Form.AS_IS, columns, Form.AS_IS, w.matrix(), 1, beta, dX);
      beta = 1;
    }
  }

  /** dW += dY^T x, dBias += column sums of dY. */
  static void addGradients(
      Compute c, Matrix dY, Matrix x, WeightSlices dWeight, WeightSlices dBias) {
    for (Slice w : dWeight) {
      Matrix columns = dY.columns(w.first(), w.matrix().rows());
      c.multiply(Form.TRANSPOSED, columns, Form.AS_IS, x, 1, 1, w.matrix());
    }
    for (Slice b : dBias) {
      c.addColumnSums(dY.columns(b.first(), b.matrix().columns()), b.matrix());
    }
  }
}
