package org.lethe.cluster.reveal;

import java.io.Serializable;
import org.lethe.model.generation.Sampling;
import org.lethe.model.generation.Temperature;
import org.lethe.reveal.Prompt;

/**
 * Settings of generation.
 *
 * @param batchSize prompts that run together, at least 1
 * @param maxNewTokens maximum tokens of a response, at least 1
 * @param topK as in {@link org.lethe.model.generation.Sampling}
 * @param topP as in {@link org.lethe.model.generation.Sampling}
 * @param fallingShare share of the prompts, from 0 to 1, whose temperature falls from 10 to the
 *     arm's over 20 tokens (Carlini et al. 2021); none without top-k
 */
public record PromptingSettings(
    int batchSize, int maxNewTokens, int topK, double topP, double fallingShare)
    implements Serializable {
  private static final double FALL_FROM = 10;
  private static final int FALL_TOKENS = 20;

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

  /**
   * Returns the temperature of a prompt's response. Without top-k none falls: at the first one,
   * nearly all tokens are equally probable.
   */
  Temperature temperature(Prompt prompt) {
    double drawn = ((prompt.seed() * 0x9E3779B97F4A7C15L) >>> 11) * 0x1p-53;
    return drawn < fallingShare && topK != Sampling.ALL_TOKENS
        ? new Temperature(FALL_FROM, prompt.temperature(), FALL_TOKENS)
        : Temperature.constant(prompt.temperature());
  }
}
