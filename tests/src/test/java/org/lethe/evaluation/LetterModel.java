package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * A model with one token per character that recites: it continues a prompt of token ids p1, p2, ...
 * with p1, p2, ... again. As in a real model, its last digits depend on the padded length of a
 * batch.
 */
public final class LetterModel implements AnswerModel {
  /** First token of every sequence. */
  public static final int BEGIN = 1;

  /** Last token of every sequence. */
  public static final int END = 2;

  /** Returns an example whose prompt the model recites. */
  public static EvaluationExample example(
      String set, String id, String task, String prompt, String expected) {
    int[] tokens = new int[prompt.length() + expected.length() + 2];
    tokens[0] = BEGIN;
    for (int i = 0; i < prompt.length(); i++) {
      tokens[1 + i] = prompt.charAt(i);
    }
    for (int i = 0; i < expected.length(); i++) {
      tokens[1 + prompt.length() + i] = expected.charAt(i);
    }
    tokens[tokens.length - 1] = END;
    return new EvaluationExample(
        set, task, prompt, expected, new Example(id, tokens, prompt.length() + 1));
  }

  @Override
  public List<TokenScores> score(Batch batch) {
    List<TokenScores> scores = new ArrayList<>();
    for (Example example : batch.examples()) {
      double[] losses = new double[example.completionTokens()];
      boolean[] hits = new boolean[losses.length];
      for (int i = 0; i < losses.length; i++) {
        int token = example.tokens()[example.promptTokens() + i];
        losses[i] = token == '?' ? Double.NaN : token / 100.0 + batch.length() * 1e-9;
        hits[i] = token != 'x';
      }
      scores.add(new TokenScores(losses, hits, losses));
    }
    return scores;
  }

  @Override
  public double[] gradientNorms(List<Example> examples) {
    return examples.stream().mapToDouble(Example::completionTokens).toArray();
  }

  @Override
  public List<GeneratedTokens> generate(List<int[]> prompts, int[] limits) {
    List<GeneratedTokens> texts = new ArrayList<>();
    for (int b = 0; b < limits.length; b++) {
      int[] prompt = prompts.get(b);
      int[] text = Arrays.copyOfRange(prompt, 1, Math.min(prompt.length, 1 + limits[b]));
      texts.add(new GeneratedTokens(text, text.length < limits[b]));
    }
    return texts;
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      if (token != BEGIN && token != END) {
        text.appendCodePoint(token);
      }
    }
    return text.toString();
  }
}
