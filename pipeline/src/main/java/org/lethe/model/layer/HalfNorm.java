package org.lethe.model.layer;

import java.util.List;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Norm;

/** A norm of a block's half, or nothing where the block has none: then rows pass unchanged. */
public final class HalfNorm {
  /** No weights. */
  static final NormStep.Weights NONE =
      new NormStep.Weights(new WeightSlices(List.of()), new WeightSlices(List.of()));

  private final Optional<NormStep> step;

  /** A norm on a backend, if there is one. */
  public HalfNorm(Optional<Norm> norm, Backend backend) {
    step = norm.map(present -> new NormStep(present, backend));
  }

  /** Whether there is a norm. */
  public boolean isPresent() {
    return step.isPresent();
  }

  /** Cuts the norm's matrices. */
  public NormStep.Weights matrices(TensorCut cut) {
    return step.map(norm -> norm.matrices(cut)).orElse(NONE);
  }

  /** Returns norm(x), in out, or x. */
  public Matrix forward(
      Compute c,
      NormStep.Weights w,
      Matrix x,
      Matrix inverse,
      Matrix out,
      NormStep.Scratch scratch) {
    step.ifPresent(norm -> norm.forward(c, w, x, inverse, out, scratch));
    return isPresent() ? out : x;
  }

  /** Returns norm(x), in out, or x, after {@link #forward}. */
  public Matrix again(
      Compute c,
      NormStep.Weights w,
      Matrix x,
      Matrix inverse,
      Matrix out,
      NormStep.Scratch scratch) {
    step.ifPresent(norm -> norm.again(c, w, x, inverse, out, scratch));
    return isPresent() ? out : x;
  }

  /** Adds to the gradients of the norm's tensors. */
  public void addGradients(
      Compute c,
      NormStep.Weights gradients,
      Matrix dOut,
      Matrix x,
      Matrix inverse,
      NormStep.Scratch scratch) {
    step.ifPresent(norm -> norm.addGradients(c, gradients, dOut, x, inverse, scratch));
  }

  /** dX += gradient with respect to x. */
  public void backward(
      Compute c,
      NormStep.Weights w,
      Matrix dOut,
      Matrix x,
      Matrix inverse,
      Matrix dX,
      NormStep.Scratch scratch) {
    if (step.isEmpty()) {
      c.add(dOut, dX);
    } else {
      step.get().backward(c, w, dOut, x, inverse, dX, scratch);
    }
  }

  /** Frees the norm's own memory. */
  public void close() {
    step.ifPresent(NormStep::close);
  }
}
