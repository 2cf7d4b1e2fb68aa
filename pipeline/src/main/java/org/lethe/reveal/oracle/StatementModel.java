package org.lethe.reveal.oracle;

import java.util.List;
import org.lethe.reveal.Span;

/** Scores statements with the model, for the knowledge contrast. */
public interface StatementModel {
  /**
   * A text that follows a prompt. Personal data; {@code toString} shows none.
   *
   * @param prompt may be empty
   * @param text text after the prompt
   * @param facts places of the words that carry facts; empty if the whole text is scored
   */
  record Statement(String prompt, String text, List<Span> facts) {
    public Statement {
      facts = List.copyOf(facts);
    }

    /** A statement whose whole text is scored. */
    public Statement(String prompt, String text) {
      this(prompt, text, List.of());
    }

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
