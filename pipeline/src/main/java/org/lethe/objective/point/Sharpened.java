package org.lethe.objective.point;

import java.util.List;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.text.Batch;

/**
 * Sharpness-aware minimisation (Foret et al., arXiv 2010.01412) of the forget loss, as in "Towards
 * LLM Unlearning Resilient to Relearning Attacks" (arXiv 2502.05374): the gradient at theta + r g /
 * |g|, with g the gradient of the same batch at theta. So the step lowers the worst forget loss
 * within a radius, and a short relearning finds less to climb.
 *
 * <p>g is that of a worker's own batch of one step. With several workers or summed local steps,
 * each batch has its own point, which is how data-parallel implementations do it. The returned loss
 * is the one at theta.
 *
 * @param radius r, above 0, in the norm of all trained parameters
 */
public record Sharpened(double radius) implements GradientPoint {
  private static final long PIECE = 1 << 20;

  public Sharpened {
    if (!(radius > 0 && Double.isFinite(radius))) {
      throw new IllegalArgumentException("Invalid radius: " + radius + ", expected above 0");
    }
  }

  @Override
  public int vectors() {
    return 1;
  }

  @Override
  public LossSum accumulate(
      Decoder decoder, List<Batch> batches, Objective objective, Gradients gradients) {
    FlatVector parameters = decoder.parameters();
    VectorMath math = parameters.math();
    try (Gradients uphill = decoder.newGradients()) {
      LossSum loss = GradientPoint.add(decoder, batches, objective, uphill);
      double norm = Math.sqrt(math.squaredNorm(uphill.flat()));
      if (norm == 0 || !Double.isFinite(norm)) {
        // No direction. The caller finds and names what is not finite.
        math.addScaled(1, uphill.flat(), gradients.flat());
        return loss;
      }
      math.axpby(1, parameters, radius / norm, uphill.flat());
      exchange(math, parameters, uphill.flat());
      try {
        GradientPoint.add(decoder, batches, objective, gradients);
      } finally {
        exchange(math, parameters, uphill.flat());
      }
      return loss;
    }
  }

  /** Exchanges the contents of two vectors, so that no third one is needed. */
  private static void exchange(VectorMath math, FlatVector a, FlatVector b) {
    long length = a.length();
    try (FlatVector piece = math.zeros(Math.min(PIECE, length))) {
      for (long from = 0; from < length; from += PIECE) {
        long count = Math.min(PIECE, length - from);
        FlatVector aside = piece.slice(0, count);
        math.copy(a.slice(from, count), aside);
        math.copy(b.slice(from, count), a.slice(from, count));
        math.copy(aside, b.slice(from, count));
      }
    }
  }
}
