package org.lethe.objective;

import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;

/** KL(uniform || p) summed over the completion positions, counted in tokens. */
record UniformDivergenceObjective() implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return new LossSum(
        decoder.accumulate(batch, chunk -> apply(decoder.backend(), chunk), gradients),
        batch.completionTokens());
  }

  private static double apply(Backend backend, LogitChunk chunk) {
    try (Matrix equal = backend.matrix(chunk.rows(), chunk.logits().columns())) { // [n, V]
      chunk.compute().clear(equal);
      return chunk.divergence(equal, 1);
    }
  }
}
