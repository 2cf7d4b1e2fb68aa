package org.lethe.model.generation;

import java.util.Arrays;

/**
 * A prompt whose continuation is sampled.
 *
 * @param id determines the random numbers of this text together with the seed, so the same id gives
 *     the same text in any batch
 * @param tokens token ids with the begin token, at least 1
 * @param opener token ids with which the answer must begin; empty for a free answer
 * @param sampling settings of the token choice
 */
public record SampledPrompt(String id, int[] tokens, int[] opener, Sampling sampling) {
  public SampledPrompt {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("Invalid prompt: no tokens, expected at least 1");
    }
    tokens = tokens.clone();
    opener = opener.clone();
  }

  /** A prompt with a free answer. */
  public static SampledPrompt of(String id, int[] tokens, Sampling sampling) {
    return new SampledPrompt(id, tokens, new int[0], sampling);
  }

  /** Prompt and opener: the tokens that the model reads. */
  int[] read() {
    return concatenated(tokens, opener);
  }

  /** The answer: the opener and the new tokens. */
  int[] answer(int[] made) {
    return concatenated(opener, made);
  }

  private static int[] concatenated(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
