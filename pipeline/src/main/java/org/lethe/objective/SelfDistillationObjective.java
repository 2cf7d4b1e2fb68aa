package org.lethe.objective;

import java.util.stream.IntStream;
import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.objective.token.RowWeights;
import org.lethe.text.Batch;

/** UNDIAL summed over the completion positions, counted in tokens. */
record SelfDistillationObjective(double beta, RowWeights tokens, InitialLogits initial)
    implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return initial.accumulate(decoder, batch, gradients, this::apply);
  }

  private double apply(LogitChunk chunk, Matrix teacher) {
    int[] targets = chunk.targets();
    int[] rows = IntStream.range(0, targets.length).toArray();
    double[] lowered = chunk.compute().entries(teacher, rows, targets);
    double[] weights = tokens.of(chunk);
    for (int row : rows) {
      lowered[row] -= beta;
    }
    chunk.compute().setEntries(teacher, targets, lowered);
    double[] crossEntropies = chunk.crossEntropies(teacher, weights);
    return IntStream.of(rows).mapToDouble(row -> weights[row] * crossEntropies[row]).sum();
  }
}
