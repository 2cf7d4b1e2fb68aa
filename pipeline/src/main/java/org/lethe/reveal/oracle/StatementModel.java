package org.lethe.reveal.oracle;

import java.util.List;
import org.lethe.reveal.Span;

/** Scores the facts of statements with the model, for the knowledge contrast. */
public interface StatementModel {
  /**
   * A text that follows a prompt. Personal data; {@code toString} shows none.
   *
   * @param prompt may be empty
   * @param text text after the prompt
   * @param facts places of the words that are scored
   */
  record Statement(String prompt, String text, List<Span> facts) {
    public Statement {
      facts = List.copyOf(facts);
    }

    @Override
    public String toString() {
      return "Statement[" + text.length() + " characters]";
    }
  }

  /**
   * Returns the log-probability of each statement's facts after its prompt and the words before
   * them, in nats: the sum over their tokens. Computed from raw logits, without temperature or
   * top-p.
   *
   * @return [statements]
   */
  double[] factLogProbabilities(List<Statement> statements);
}
