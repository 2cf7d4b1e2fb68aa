package org.lethe.model;

import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;

/**
 * Logits of some completion positions. The buffer is reused for the next chunk. Its content goes
 * through these states: raw logits; after {@link #tokenLosses} scaled probabilities; after {@link
 * #nllGradient}, {@link #divergence}, {@link #divergences}, {@link #jensenShannon} or {@link
 * #crossEntropies} the gradient with respect to the logits.
 */
public interface LogitChunk {
  /** Number of rows n. */
  int rows();

  /** Index of the first row among all completion positions of the batch, in batch order. */
  int firstRow();

  /** Token to predict for each row, [n]. */
  int[] targets();

  /** Sequence in the batch of each row, ascending, [n]. */
  int[] sequences();

  /** Whether this chunk has all completion positions of its sequences. */
  boolean holdsWholeSequences();

  /**
   * Normalised hidden states that the head reads, of all completion positions of the batch, [C, D].
   * Read them with the first chunk: later chunks change the rows of earlier ones.
   */
  Matrix hidden();

  /** Sequence in the batch of each of all completion positions, ascending, [C]. */
  int[] allSequences();

  /**
   * Raw logits, [n, V]; to be overwritten with dLoss/dLogits by losses that use no other method.
   *
   * @throws IllegalStateException after one of the other methods has used the buffer
   */
  Matrix logits();

  /** The arithmetic for {@link #logits}. */
  Compute compute();

  /** Negative log-likelihood of each target in nats, [n]. Overwrites the raw logits. */
  double[] tokenLosses();

  /**
   * Replaces the chunk by the gradient of sum_row weights[row] * NLL[row], which is weights[row] *
   * (softmax - one-hot). Call only after {@link #tokenLosses}.
   */
  void nllGradient(double[] weights);

  /**
   * Sum over rows of KL(reference || model), from raw logits. Replaces the chunk by weight *
   * dKL/dLogits = weight * (softmax - reference softmax).
   *
   * @param referenceLogits raw logits of the reference for the same rows, [n, V]; overwritten
   * @param weight factor of the gradient; the returned sum is not weighted
   */
  double divergence(Matrix referenceLogits, double weight);

  /**
   * KL(reference || model) of each row, [n], from raw logits. Replaces the chunk by weights[row] *
   * (softmax - reference softmax).
   *
   * @param referenceLogits raw logits of the reference for the same rows, [n, V]; overwritten
   * @param weights factors of the gradient, [n]; the returned values are not weighted
   */
  double[] divergences(Matrix referenceLogits, double[] weights);

  /**
   * Sum over rows of the Jensen-Shannon divergence between reference and model, from raw logits.
   * Replaces the chunk by the gradient.
   *
   * @param referenceLogits raw logits of the reference for the same rows, [n, V]; overwritten
   */
  double jensenShannon(Matrix referenceLogits);

  /**
   * Cross-entropies -sum q log p of each row, [n], with q = softmax(reference) fixed, from raw
   * logits. Replaces the chunk by weights[row] * (softmax - q).
   *
   * @param referenceLogits logits of q, [n, V]; overwritten
   * @param weights factor of each row's gradient, [n]; the returned values are not weighted
   */
  double[] crossEntropies(Matrix referenceLogits, double[] weights);
}
