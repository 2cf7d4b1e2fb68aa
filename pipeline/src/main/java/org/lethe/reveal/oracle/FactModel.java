package org.lethe.reveal.oracle;

import java.util.List;
import org.lethe.reveal.oracle.StatementModel.Statement;

/** Scores the facts of statements with the model. */
public interface FactModel {
  /**
   * Returns the log-probability of each statement's facts after its prompt and the words before
   * them, in nats: the sum over their tokens. Prompts have the form of training rows. Computed from
   * raw logits, without temperature or top-p.
   *
   * @return [statements]
   */
  double[] factLogProbabilities(List<Statement> statements);
}
