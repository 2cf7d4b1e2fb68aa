package org.lethe.error;

import java.util.Collection;

/** Failures of evaluation. */
public final class EvaluationErrors {
  private EvaluationErrors() {}

  /** A gate or a report needs a figure that the evaluation does not have. */
  public static LetheException unknownFigure(String name, Collection<String> known) {
    return ExitClass.USAGE.failure(
        "Unknown evaluation figure: %s, expected one of %s; correct the name in the configuration,"
            + " or evaluate with the data that the figure needs",
        name, String.join(", ", known));
  }

  /** A decision needs a figure that has no value. */
  public static LetheException notMeasured(String name, String purpose, String reason) {
    return ExitClass.INPUT.failure(
        "%s was not measured (%s), expected a value for %s", name, reason, purpose);
  }

  /** The model returned NaN or infinity for a row. */
  public static LetheException notFinite(String metric, double value, String rowId) {
    return ExitClass.DIVERGED.failure(
        "Evaluation of row %s returned %s %s, expected a finite number; the model's weights have"
            + " diverged, train with a smaller learning rate or fewer rounds",
        rowId, metric, value);
  }

  /** Activations and tokens of the retrained model must fit the run's model. */
  public static LetheException otherRetrainedModel(String model) {
    return ExitClass.INPUT.failure(
        "Invalid retrained model: %s has other tensors than the model of the run, expected the same"
            + " architecture; give a model that was trained from the same start with"
            + " lethe.attack.retrained",
        model);
  }

  /** Attacks need the rows of the run. */
  public static LetheException attackWithoutText(String directory) {
    return ExitClass.INPUT.failure(
        "The text of run %s is deleted (deletion.json), expected its shards; attacks need the rows,"
            + " so attack before the retention ends",
        directory);
  }

  /** The attack's own training diverged. */
  public static LetheException teachingDiverged(long step) {
    return ExitClass.DIVERGED.failure(
        "Relearning diverged in step %d, expected finite gradients; lower"
            + " lethe.attack.relearn.learning-rate",
        step);
  }

  public static LetheException noRows(String where) {
    return ExitClass.INPUT.failure(
        "No rows to evaluate in %s, expected at least one; shard a corpus first or name another"
            + " place",
        where);
  }

  public static LetheException unreadableSummary(String problem) {
    return ExitClass.INPUT.failure(
        "Invalid evaluation summary: %s, expected the document that evaluate writes; run evaluate"
            + " again",
        problem);
  }

  /** A log of TOFU's original repository lacks a field. */
  public static LetheException unreadableTofuLog(String problem) {
    return ExitClass.INPUT.failure(
        "Invalid TOFU log: %s, expected eval_log_aggregated.json of the original repository; give"
            + " the whole file",
        problem);
  }

  /** The id of a SemEval row does not encode the kind of question. */
  public static LetheException unknownSemEvalId(String rowId) {
    return ExitClass.INPUT.failure(
        "Unknown kind of SemEval row: id %s, expected it to end with sc or qa and one digit; keep"
            + " the benchmark's ids when you prepare its data",
        rowId);
  }

  /** A score needs generated text, and a row has none. */
  public static LetheException noGeneratedText(String rowId) {
    return ExitClass.INPUT.failure(
        "No generated text in row %s, expected one for this score; evaluate again with generation"
            + " switched on",
        rowId);
  }

  /** Gradient norms need full weights: the gradient of LoRA factors is not comparable. */
  public static LetheException gradientOfAdapter() {
    return ExitClass.USAGE.failure(
        "Gradient norms of a model with an adapter, expected full weights; merge the adapter, or"
            + " set lethe.benchmark.gradient-norm = no");
  }
}
