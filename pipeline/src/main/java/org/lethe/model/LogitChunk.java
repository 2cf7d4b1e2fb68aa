package org.lethe.model;

import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;

/**
 * Logits of some completion positions. The buffer is used again for the next chunk and goes through
 * states: raw logits; after {@link #tokenLosses} scaled probabilities; after {@link #nllGradient},
 * {@link #divergence} or {@link #crossEntropies} the gradient with respect to the logits.
 */
public interface LogitChunk {
  /** Number of rows n. */
  int rows();

  /** Index of the first row among all completion positions of the batch, in batch order. */
  int firstRow();

  /** The token that each row predicts, [n]. */
  int[] targets();

  /** The sequence of the batch that each row belongs to, ascending, [n]. */
  int[] sequences();

  /** Whether every sequence of this chunk has all its completion positions in it. */
  boolean holdsWholeSequences();

  /**
   * Raw logits, [n, V]; to be overwritten with dLoss/dLogits by losses that use no other method.
   *
   * @throws IllegalStateException after one of the other methods has used the buffer
   */
  Matrix logits();

  /** The arithmetic for {@link #logits}. */
  Compute compute();

  /** Negative log-likelihood of each target in nats, [n]. The raw logits are gone afterwards. */
  double[] tokenLosses();

  /**
   * Leaves the gradient of sum_row weights[row] * NLL[row] in the chunk, which is weights[row] *
   * (softmax - one-hot). Only after {@link #tokenLosses}.
   */
  void nllGradient(double[] weights);

  /**
   * Sum over rows of KL(reference || model), from raw logits; leaves weight * dKL/dLogits = weight
   * * (softmax - reference softmax) in the chunk.
   *
   * @param referenceLogits raw logits of the reference for the same rows, [n, V]; overwritten
   * @param weight factor of the gradient; the returned sum is not weighted
   */
  double divergence(Matrix referenceLogits, double weight);

  /**
   * Cross-entropies -sum q log p of each row, [n], with q = softmax(reference) held fixed, from raw
   * logits; leaves weights[row] * (softmax - q) in the chunk.
   *
   * @param referenceLogits logits of q, [n, V]; overwritten
   * @param weights factor of each row's gradient, [n]; the returned values are not weighted
   */
  double[] crossEntropies(Matrix referenceLogits, double[] weights);
}
