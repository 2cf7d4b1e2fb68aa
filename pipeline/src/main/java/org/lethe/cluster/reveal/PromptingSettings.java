package org.lethe.cluster.reveal;

import java.io.Serializable;

/**
 * Settings of generation.
 *
 * @param batchSize prompts that run together, at least 1
 * @param maxNewTokens maximum tokens of a response, at least 1
 * @param topK as in {@link org.lethe.model.generation.Sampling}
 * @param topP as in {@link org.lethe.model.generation.Sampling}
 * @param fallingShare share of the prompts, from 0 to 1, whose temperature falls from 10 to the
 *     arm's over 20 tokens (Carlini et al. 2021)
 */
public record PromptingSettings(
    int batchSize, int maxNewTokens, int topK, double topP, double fallingShare)
    implements Serializable {
  public PromptingSettings {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Invalid batch size: " + batchSize);
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("Invalid number of new tokens: " + maxNewTokens);
    }
    if (topK < 1) {
      throw new IllegalArgumentException("Invalid top-k: " + topK + ", expected at least 1");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("Invalid top-p: " + topP + ", expected in (0, 1]");
    }
    if (!(fallingShare >= 0 && fallingShare <= 1)) {
      throw new IllegalArgumentException(
          "Invalid falling share: " + fallingShare + ", expected 0 to 1");
    }
  }
}
