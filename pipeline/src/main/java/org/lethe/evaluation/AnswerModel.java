package org.lethe.evaluation;

import java.util.List;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** The operations of a model that evaluation needs. */
public interface AnswerModel {
  /** Returns scores of each sequence's completion tokens under teacher forcing, [B]. */
  List<TokenScores> score(Batch batch);

  /**
   * Returns, for each example, the mean over the model's tensors of the norm of the gradient of the
   * mean completion loss, [B] (open-unlearning's GradNorm, p = 2). Runs one backward pass per
   * example.
   */
  double[] gradientNorms(List<Example> examples);

  /**
   * Continues prompts greedily.
   *
   * @param prompts token ids, [B][prompt length]
   * @param limits maximum number of new tokens of each prompt, [B]
   * @return the continuations, each of at most its limit, [B]
   */
  List<GeneratedTokens> generate(List<int[]> prompts, int[] limits);

  /** Returns the text of token ids, without special tokens. */
  String decode(int[] tokens);
}
