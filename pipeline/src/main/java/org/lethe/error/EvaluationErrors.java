package org.lethe.error;

import java.util.Collection;

/** Failures of evaluation. */
public final class EvaluationErrors {
  private EvaluationErrors() {}

  /** A gate or a report asks for a figure that the evaluation does not have. */
  public static LetheException unknownFigure(String name, Collection<String> known) {
    return new LetheException(
        ExitClass.USAGE,
        "Unknown evaluation figure: "
            + name
            + ", expected one of "
            + String.join(", ", known)
            + "; correct the name in the configuration, or evaluate with what it needs");
  }

  /** The model gave NaN or infinity for a row. */
  public static LetheException notFinite(String metric, double value, String rowId) {
    return new LetheException(
        ExitClass.DIVERGED,
        "Evaluation of row "
            + rowId
            + " gave "
            + metric
            + " "
            + value
            + ", expected a finite number; the model's weights have diverged, train with a smaller"
            + " learning rate or fewer rounds");
  }

  /** There is nothing to evaluate. */
  public static LetheException noRows(String where) {
    return new LetheException(
        ExitClass.INPUT,
        "No rows to evaluate in "
            + where
            + ", expected at least one; shard a corpus first or name another place");
  }

  /** A summary document cannot be used. */
  public static LetheException unreadableSummary(String problem) {
    return new LetheException(
        ExitClass.INPUT,
        "Unreadable evaluation summary: "
            + problem
            + ", expected the document that evaluate writes; run evaluate again");
  }

  /** A log of TOFU's original repository lacks something. */
  public static LetheException unreadableTofuLog(String problem) {
    return new LetheException(
        ExitClass.INPUT,
        "Unreadable TOFU log: "
            + problem
            + ", expected eval_log_aggregated.json of the original repository; give the whole file");
  }

  /** The id of a row does not say which kind of question it is. */
  public static LetheException unknownSemEvalId(String rowId) {
    return new LetheException(
        ExitClass.INPUT,
        "Unknown kind of SemEval row: id "
            + rowId
            + ", expected it to end with sc or qa and one digit; keep the benchmark's ids when"
            + " preparing its data");
  }

  /** A score needs the text that the model generated. */
  public static LetheException noGeneratedText(String rowId) {
    return new LetheException(
        ExitClass.INPUT,
        "No generated text in row "
            + rowId
            + ", expected one for this score; evaluate again with generation switched on");
  }

  /** The gradient of factors is not that of a model. */
  public static LetheException gradientOfAdapter() {
    return new LetheException(
        ExitClass.USAGE,
        "Gradient norms of a model with an adapter, expected full weights; merge the adapter, or set"
            + " lethe.benchmark.gradient-norm = no");
  }
}
