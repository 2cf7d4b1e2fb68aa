package org.lethe.model.layer;

import java.util.Iterator;
import java.util.List;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Linear;

/**
 * The stacked weights of linear maps that share an input, such as query, key and value, or the
 * gradients of these weights. Neighbours in memory are one slice, so that one product serves them.
 * Weights that are not neighbours (some frozen, some trained) get a product each. Gradients of
 * frozen weights are absent.
 */
public record WeightSlices(List<Slice> slices) implements Iterable<WeightSlices.Slice> {
  /**
   * Rows of the stack that are contiguous in memory.
   *
   * @param first index of its first output among the outputs of all slices
   * @param matrix [out, in], or [1, out] for a bias
   */
  public record Slice(int first, Matrix matrix) {}

  public WeightSlices {
    slices = List.copyOf(slices);
  }

  public boolean isEmpty() {
    return slices.isEmpty();
  }

  /** The matrix of a weight that is a single tensor. */
  public Matrix whole() {
    if (slices.size() != 1) {
      throw new IllegalStateException("Invalid weight: " + slices.size() + " slices, expected 1");
    }
    return slices.get(0).matrix();
  }

  @Override
  public Iterator<Slice> iterator() {
    return slices.iterator();
  }

  /** y = op(x W) + bias + beta y, where the order of the dimensions decides on W or W^T. */
  public static void project(
      Compute c,
      Matrix x,
      WeightSlices weight,
      Linear.Order order,
      WeightSlices bias,
      double beta,
      Matrix y) {
    Form form = order == Linear.Order.OUTPUTS_FIRST ? Form.TRANSPOSED : Form.AS_IS;
    for (Slice w : weight) {
      c.multiply(Form.AS_IS, x, form, w.matrix(), 1, beta, outputs(y, w, order));
    }
    for (Slice b : bias) {
      c.addRow(b.matrix(), y.columns(b.first(), b.matrix().columns()));
    }
  }

  private static Matrix outputs(Matrix y, Slice w, Linear.Order order) {
    int count = order == Linear.Order.OUTPUTS_FIRST ? w.matrix().rows() : w.matrix().columns();
    return y.columns(w.first(), count);
  }

  /** dX = dY W, or dY W^T if inputs are first. */
  public static void projectBackward(
      Compute c, Matrix dY, WeightSlices weight, Linear.Order order, Matrix dX) {
    Form form = order == Linear.Order.OUTPUTS_FIRST ? Form.AS_IS : Form.TRANSPOSED;
    double beta = 0;
    for (Slice w : weight) {
      c.multiply(Form.AS_IS, outputs(dY, w, order), form, w.matrix(), 1, beta, dX);
      beta = 1;
    }
  }

  /** dW += dY^T x, or x^T dY if inputs are first; dBias += column sums of dY. */
  public static void addGradients(
      Compute c,
      Matrix dY,
      Matrix x,
      WeightSlices dWeight,
      Linear.Order order,
      WeightSlices dBias) {
    for (Slice w : dWeight) {
      Matrix columns = outputs(dY, w, order);
      if (order == Linear.Order.OUTPUTS_FIRST) {
        c.multiply(Form.TRANSPOSED, columns, Form.AS_IS, x, 1, 1, w.matrix());
      } else {
        c.multiply(Form.TRANSPOSED, x, Form.AS_IS, columns, 1, 1, w.matrix());
      }
    }
    for (Slice b : dBias) {
      c.addColumnSums(dY.columns(b.first(), b.matrix().columns()), b.matrix());
    }
  }
}
