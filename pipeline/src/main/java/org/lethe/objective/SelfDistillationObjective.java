package org.lethe.objective;

import java.util.Arrays;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** UNDIAL summed over the completion positions, counted in tokens. */
record SelfDistillationObjective(double beta, InitialLogits initial) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return initial.accumulate(decoder, batch, gradients, this::apply);
  }

  private double apply(LogitChunk chunk, INDArray teacher) {
    int[] targets = chunk.targets();
    double[] weights = new double[targets.length];
    for (int row = 0; row < targets.length; row++) {
      teacher.putScalar(row, targets[row], teacher.getDouble(row, targets[row]) - beta);
      weights[row] = 1;
    }
    return Arrays.stream(chunk.crossEntropies(teacher, weights)).sum();
  }
}
