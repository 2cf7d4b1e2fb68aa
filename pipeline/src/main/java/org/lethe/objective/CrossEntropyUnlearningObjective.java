package org.lethe.objective;

import java.util.Arrays;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.objective.token.RowWeights;
import org.lethe.text.Batch;

/**
 * CE-U, summed over all completion positions except the first ones, counted in tokens.
 *
 * <p>With p the likelihood of the target and q the model's own distribution without it, softmax - q
 * = -p / (1 - p) (softmax - one-hot). So this is gradient ascent with that weight on each token,
 * the gradient of -log(1 - p). It is not computed that way: if p is near 1 the two factors cancel,
 * and FLOAT loses their product.
 */
record CrossEntropyUnlearningObjective(int skipped, RowWeights tokens) implements Objective {
  /** Replaces minus infinity among logits; its exponential is 0 compared with any real one. */
  private static final double MASKED = -1e9;

  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    int[] starts = new int[batch.size()];
    long counted = 0;
    int next = 0;
    for (int b = 0; b < starts.length; b++) {
      int length = batch.examples().get(b).completionTokens();
      starts[b] = next;
      next += length;
      counted += Math.max(0, length - skipped);
    }
    return new LossSum(
        decoder.accumulate(batch, chunk -> apply(decoder.backend(), chunk, starts), gradients),
        counted);
  }

  /**
   * Computes one chunk.
   *
   * @param starts index of each sequence's first row among all rows of the batch
   */
  private double apply(Backend backend, LogitChunk chunk, int[] starts) {
    int[] targets = chunk.targets();
    int[] sequences = chunk.sequences();
    double[] weights = tokens.of(chunk);
    double[] masked = new double[targets.length];
    Arrays.fill(masked, MASKED);
    try (Matrix rest = backend.matrix(chunk.rows(), chunk.logits().columns())) { // [n, V]
      chunk.compute().copy(chunk.logits(), rest);
      chunk.compute().setEntries(rest, targets, masked);
      for (int row = 0; row < targets.length; row++) {
        if (chunk.firstRow() + row - starts[sequences[row]] < skipped) {
          weights[row] = 0;
        }
      }
      double[] losses = chunk.crossEntropies(rest, weights);
      double sum = 0;
      for (int row = 0; row < losses.length; row++) {
        sum += weights[row] * losses[row];
      }
      return sum;
    }
  }
}
