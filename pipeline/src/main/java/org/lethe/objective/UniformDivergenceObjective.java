package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** KL(uniform || p) summed over the completion positions, counted in tokens. */
record UniformDivergenceObjective() implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return new LossSum(
        decoder.accumulate(batch, UniformDivergenceObjective::apply, gradients),
        batch.completionTokens());
  }

  private static double apply(LogitChunk chunk) {
    try (INDArray equal = chunk.logits().like()) { // [n, V], zeros
      return chunk.divergence(equal, 1);
    }
  }
}
