package org.lethe.evaluation;

import java.util.List;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** What evaluation asks of a model. */
public interface AnswerModel {
  /** Scores of each sequence's completion tokens under teacher forcing, [B]. */
  List<TokenScores> score(Batch batch);

  /**
   * Mean over the model's tensors of the norm of the gradient of an example's mean completion loss,
   * [B] (open-unlearning's GradNorm, p = 2). One backward pass for each example.
   */
  double[] gradientNorms(List<Example> examples);

  /**
   * Continues prompts greedily.
   *
   * @param prompts token ids, [B][prompt length]
   * @param limits most new tokens of each, [B]
   * @return new token ids without the end token, [B][at most the limit]
   */
  List<int[]> generate(List<int[]> prompts, int[] limits);

  /** The text of token ids, special tokens left out. */
  String decode(int[] tokens);
}
