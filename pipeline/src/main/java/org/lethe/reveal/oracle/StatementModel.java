package org.lethe.reveal.oracle;

import java.util.List;

/** The model, as the knowledge contrast asks it. */
public interface StatementModel {
  /**
   * A text after a prompt. Personal data; {@code toString} shows none.
   *
   * @param prompt may be empty
   * @param text what is scored
   */
  record Statement(String prompt, String text) {
    @Override
    public String toString() {
      return "Statement[" + text.length() + " characters]";
    }
  }

  /**
   * Mean log-probability per token of each text after its prompt, in nats, from raw logits: not
   * warped by temperature or top-p.
   *
   * @return [statements]
   */
  double[] meanLogProbabilities(List<Statement> statements);
}
