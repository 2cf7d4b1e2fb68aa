package org.lethe.model.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Norm;

/**
 * Computes one {@link Norm}. LayerNorm is RMSNorm of centred rows plus a bias, and centring is its
 * own gradient.
 */
public final class NormStep {
  /**
   * Weight and bias, or their gradients; empty as far as the norm lacks them or they are frozen.
   *
   * @param weight [1, S]
   * @param bias [1, S]
   */
  public record Weights(WeightSlices weight, WeightSlices bias) {
    /** Whether there is neither. */
    public boolean isEmpty() {
      return weight.isEmpty() && bias.isEmpty();
    }
  }

  /**
   * Memory for centred rows and their gradient, which only LayerNorm uses.
   *
   * @param matrices two matrices [N, S], overwritten by each call; none if no norm is LayerNorm
   */
  public record Scratch(List<Matrix> matrices) {
    private Matrix centred(int rows) {
      return matrices.get(0).top(rows);
    }

    private Matrix gradient(int rows) {
      return matrices.get(1).top(rows);
    }
  }

  private final Norm norm;
  private final List<Matrix> constants = new ArrayList<>();

  /** A norm on a backend. */
  public NormStep(Norm norm, Backend backend) {
    this.norm = norm;
    if (norm.offset() != 0 || norm.weight().isEmpty()) {
      double[] offsets = new double[norm.size()];
      Arrays.fill(offsets, norm.weight().isEmpty() ? 1 : norm.offset());
      Matrix offset = backend.matrix(1, norm.size());
      offset.upload(offsets);
      constants.add(offset);
      constants.add(backend.matrix(1, norm.size()));
    }
  }

  /** Cuts the norm's matrices. */
  public Weights matrices(TensorCut cut) {
    return new Weights(
        cut.slices(norm.weight().stream().toList()), cut.slices(norm.bias().stream().toList()));
  }

  /** The factor of normalised rows, [1, S]. */
  private Matrix factor(Compute c, Weights weights) {
    if (constants.isEmpty()) {
      return weights.weight().whole();
    }
    Matrix factor = constants.get(1);
    c.copy(constants.get(0), factor);
    weights.weight().forEach(w -> c.addRow(w.matrix(), factor));
    return factor;
  }

  private boolean centres() {
    return norm.kind() == Norm.Kind.LAYER;
  }

  private Matrix centred(Compute c, Matrix x, Scratch scratch) {
    if (!centres()) {
      return x;
    }
    Matrix centred = scratch.centred(x.rows());
    c.center(x, centred);
    return centred;
  }

  /** out = norm(x); fills inverse for the backward pass. */
  public void forward(
      Compute c, Weights weights, Matrix x, Matrix inverse, Matrix out, Scratch scratch) {
    c.normalize(centred(c, x, scratch), factor(c, weights), norm.epsilon(), inverse, out);
    weights.bias().forEach(b -> c.addRow(b.matrix(), out));
  }

  /** out = norm(x) with the inverse that {@link #forward} returned. */
  public void again(
      Compute c, Weights weights, Matrix x, Matrix inverse, Matrix out, Scratch scratch) {
    c.renormalize(centred(c, x, scratch), factor(c, weights), inverse, out);
    weights.bias().forEach(b -> c.addRow(b.matrix(), out));
  }

  /** Adds to the gradients of weight and bias. */
  public void addGradients(
      Compute c, Weights gradients, Matrix dOut, Matrix x, Matrix inverse, Scratch scratch) {
    if (!gradients.weight().isEmpty()) {
      Matrix centred = centred(c, x, scratch);
      gradients
          .weight()
          .forEach(g -> c.normalizeWeightGradient(dOut, centred, inverse, g.matrix()));
    }
    gradients.bias().forEach(g -> c.addColumnSums(dOut, g.matrix()));
  }

  /** dX += gradient with respect to x. */
  public void backward(
      Compute c,
      Weights weights,
      Matrix dOut,
      Matrix x,
      Matrix inverse,
      Matrix dX,
      Scratch scratch) {
    Matrix factor = factor(c, weights);
    if (!centres()) {
      c.normalizeBackward(dOut, x, factor, inverse, dX);
      return;
    }
    Matrix dCentred = scratch.gradient(x.rows());
    c.clear(dCentred);
    c.normalizeBackward(dOut, centred(c, x, scratch), factor, inverse, dCentred);
    c.center(dCentred, dCentred);
    c.add(dCentred, dX);
  }

  /** Frees the norm's own memory. */
  public void close() {
    constants.forEach(Matrix::close);
  }
}
