package org.lethe.objective;

import java.util.stream.IntStream;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.objective.token.RowWeights;
import org.lethe.text.Batch;

/** KL(uniform || p) summed over the completion positions, counted in tokens. */
record UniformDivergenceObjective(RowWeights tokens) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return new LossSum(
        decoder.accumulate(batch, chunk -> apply(decoder.backend(), chunk), gradients),
        batch.completionTokens());
  }

  private double apply(Backend backend, LogitChunk chunk) {
    double[] weights = tokens.of(chunk);
    try (Matrix equal = backend.matrix(chunk.rows(), chunk.logits().columns())) { // [n, V]
      chunk.compute().clear(equal);
      double[] divergences = chunk.divergences(equal, weights);
      return IntStream.range(0, weights.length)
          .mapToDouble(row -> weights[row] * divergences[row])
          .sum();
    }
  }
}
