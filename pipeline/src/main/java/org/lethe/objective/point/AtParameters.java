package org.lethe.objective.point;

import java.util.List;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.text.Batch;

/** The decoder's own parameters. */
record AtParameters() implements GradientPoint {
  @Override
  public int vectors() {
    return 0;
  }

  @Override
  public LossSum accumulate(
      Decoder decoder, List<Batch> batches, Objective objective, Gradients gradients) {
    return GradientPoint.add(decoder, batches, objective, gradients);
  }
}
