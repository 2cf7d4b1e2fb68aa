package org.lethe.model;

import java.util.Optional;

/**
 * The Llama architecture as config.json describes it.
 *
 * @param hiddenSize D
 * @param intermediateSize F, width of the SwiGLU
 * @param layers number of decoder blocks
 * @param heads query heads H
 * @param keyValueHeads key and value heads K, a divisor of H
 * @param headSize width of one head, S; H * S may differ from D
 * @param vocabularySize V
 * @param maxPositions longest sequence
 * @param normEpsilon epsilon of RMSNorm
 * @param ropeTheta base of the rotary embedding
 * @param ropeScaling Llama 3 scaling, if any
 * @param tiedHead whether the head is the token embedding
 * @param attentionBias whether q, k, v and o have biases
 * @param mlpBias whether gate, up and down have biases
 */
public record DecoderConfig(
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int vocabularySize,
    int maxPositions,
    double normEpsilon,
    double ropeTheta,
    Optional<RopeScaling> ropeScaling,
    boolean tiedHead,
    boolean attentionBias,
    boolean mlpBias) {

  /** Llama 3 scaling of the rotary frequencies ({@code rope_type = llama3}). */
  public record RopeScaling(
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalMaxPositions) {}

  /** Width of all query heads, H * S. */
  public int querySize() {
    return heads * headSize;
  }

  /** Width of all key (or value) heads, K * S. */
  public int keyValueSize() {
    return keyValueHeads * headSize;
  }
}
