package org.lethe.model.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lethe.model.Continuation;
import org.lethe.model.Decoder;
import org.lethe.model.layer.Reading;

/**
 * Computes losses of chosen tokens of texts after prompts. Reads the common beginning of all
 * prompts once, each different prompt once, and each text up to its last scored token. The head
 * computes the scored tokens only.
 */
public final class PromptedLosses {
  private static final int[] NONE = new int[0];

  private final Decoder decoder;
  private long read;

  public PromptedLosses(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Number of tokens read so far. */
  public long tokensRead() {
    return read;
  }

  /**
   * Computes the losses of one batch.
   *
   * @return negative log-likelihoods in nats of the scored tokens of each text
   * @throws org.lethe.error.LetheException if prompt and text are too long for the model
   */
  public List<double[]> of(List<PromptedText> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    Map<String, Integer> places = new LinkedHashMap<>();
    List<int[]> prompts = new ArrayList<>();
    int[] promptOf = new int[texts.size()];
    for (int i = 0; i < promptOf.length; i++) {
      int[] prompt = texts.get(i).prompt();
      promptOf[i] =
          places.computeIfAbsent(
              Arrays.toString(prompt),
              key -> {
                prompts.add(prompt);
                return prompts.size() - 1;
              });
    }
    // The last token of a prompt predicts the first of a text, so it is read with the text.
    int longest = prompts.stream().mapToInt(prompt -> prompt.length - 1).max().orElse(0);
    int length = 0;
    for (PromptedText text : texts) {
      length = Math.max(length, text.prompt().length - 1 + text.length());
    }
    try (Continuation beginnings = decoder.continuation(prompts.size(), Math.max(1, longest));
        Continuation all = decoder.continuation(texts.size(), Math.max(1, length))) {
      read(prompts, beginnings);
      List<Reading> readings = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        PromptedText text = texts.get(i);
        all.copy(beginnings, promptOf[i], text.prompt().length - 1, i);
        readings.add(reading(i, text));
      }
      return Arrays.asList(losses(all, readings));
    }
  }

  private void read(List<int[]> prompts, Continuation beginnings) {
    int common = common(prompts);
    if (common > 0) {
      losses(
          beginnings, List.of(new Reading(0, 0, Arrays.copyOf(prompts.get(0), common + 1), NONE)));
    }
    List<Reading> rests = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      if (i > 0) {
        beginnings.copy(beginnings, 0, common, i);
      }
      rests.add(
          new Reading(
              i, common, Arrays.copyOfRange(prompts.get(i), common, prompts.get(i).length), NONE));
    }
    losses(beginnings, rests);
  }

  /** Number of tokens that all prompts begin with, without their last ones. */
  private static int common(List<int[]> prompts) {
    int[] first = prompts.get(0);
    int common = first.length - 1;
    for (int[] prompt : prompts) {
      int mismatch = Arrays.mismatch(first, prompt);
      int same = mismatch < 0 ? first.length : mismatch;
      common = Math.min(common, Math.min(same, prompt.length - 1));
    }
    return common;
  }

  private static Reading reading(int sequence, PromptedText text) {
    int[] prompt = text.prompt();
    int[] tokens = new int[1 + text.length()];
    tokens[0] = prompt[prompt.length - 1];
    System.arraycopy(text.text(), 0, tokens, 1, text.length());
    int[] covered = Arrays.stream(text.scored()).map(index -> index + 1).toArray();
    return new Reading(sequence, prompt.length - 1, tokens, covered);
  }

  private double[][] losses(Continuation continuation, List<Reading> readings) {
    read += readings.stream().mapToLong(reading -> reading.tokens().length - 1).sum();
    return continuation.read(readings).tokens();
  }
}
