package org.lethe.reveal.oracle;

import java.util.List;

/** Scores statements with the model, for the knowledge contrast. */
public interface StatementModel {
  /**
   * A text that follows a prompt. Personal data; {@code toString} shows none.
   *
   * @param prompt may be empty
   * @param text scored text
   */
  record Statement(String prompt, String text) {
    @Override
    public String toString() {
      return "Statement[" + text.length() + " characters]";
    }
  }

  /**
   * Returns the mean log-probability per token of each text after its prompt, in nats. Computed
   * from raw logits, without temperature or top-p.
   *
   * @return [statements]
   */
  double[] meanLogProbabilities(List<Statement> statements);
}
