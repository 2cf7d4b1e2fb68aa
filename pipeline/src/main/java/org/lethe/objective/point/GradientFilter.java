package org.lethe.objective.point;

import java.io.Serializable;
import org.lethe.compute.DenseMatrix;
import org.lethe.compute.FlatVector;
import org.lethe.model.ParameterLayout;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.tensor.TensorValues;

/**
 * A change of the whole forget gradient of a step, matrix by matrix. Matrices do not depend on each
 * other, so several workers may share them.
 */
public interface GradientFilter extends Serializable {
  /** Returns the changed gradient of a weight. */
  DenseMatrix apply(DenseMatrix gradient);

  /** Whether the filter changes a tensor: the matrices of the blocks. */
  default boolean changes(Entry entry) {
    return entry.shape().length == 2 && entry.layer().matches("(layers|h)\\.\\d+");
  }

  /** Changes a gradient in place, one matrix after another. */
  default void apply(ParameterLayout layout, FlatVector gradient) {
    for (Entry entry : layout.entries()) {
      if (changes(entry)) {
        write(apply(read(layout, entry, gradient)), layout.view(gradient, entry));
      }
    }
  }

  /** Returns a copy of a tensor of a flat vector. */
  static DenseMatrix read(ParameterLayout layout, Entry entry, FlatVector from) {
    TensorValues view = layout.view(from, entry);
    double[] values = new double[Math.toIntExact(view.length())];
    view.get(0, values, 0, values.length);
    return new DenseMatrix((int) entry.shape()[0], (int) entry.shape()[1], values);
  }

  /** Overwrites a tensor. */
  static void write(DenseMatrix from, TensorValues to) {
    to.put(0, from.values(), 0, from.values().length);
  }
}
