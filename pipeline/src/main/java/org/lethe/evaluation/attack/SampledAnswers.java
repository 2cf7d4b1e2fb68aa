package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.evaluation.RougeL;

/** The best of several sampled answers: more samples find what a greedy answer does not show. */
final class SampledAnswers implements Attack {
  static final String KEY = "sampled";

  private final AttackSettings.Sampled sampled;
  private final long seed;

  SampledAnswers(AttackSettings.Sampled sampled, long seed) {
    this.sampled = sampled;
    this.seed = seed;
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    List<List<String>> texts =
        model.sample(
            rows.stream().map(AttackedRow::example).toList(),
            sampled.answers(),
            sampled.temperature(),
            seed);
    List<AttackRow> attempts = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (int k = 0; k < texts.get(i).size(); k++) {
        attempts.add(row(rows.get(i), k, texts.get(i).get(k)));
      }
    }
    return attempts;
  }

  private static AttackRow row(AttackedRow row, int variant, String text) {
    return recall(row.expected(), text)
        .map(
            recall ->
                new AttackRow(
                    KEY,
                    variant,
                    row.set(),
                    row.id(),
                    row.example().completionTokens(),
                    Optional.of(new AttackRow.Texts(row.expected(), text)),
                    Map.of(Quantity.ROUGE_L_RECALL, recall),
                    Optional.empty()))
        .orElseGet(() -> AttackRow.missing(KEY, variant, row, Reason.NO_WORDS));
  }

  /** The recall that follows from the texts; empty if the expected answer has no words. */
  static Optional<Double> recall(String expected, String text) {
    return RougeL.anyScript(expected, text).map(RougeL.Score::recall);
  }

  @Override
  public long work(AttackedRow row) {
    return (long) sampled.answers()
        * (row.example().promptTokens()
            + AttackBudget.GENERATED * row.example().completionTokens());
  }

  @Override
  public String figureNames() {
    return Quantity.ROUGE_L_RECALL.key();
  }

  @Override
  public EvaluationFigures figures(Attempts attempts, long figureSeed) {
    return RowFigures.of(KEY, attempts, List.of(Quantity.ROUGE_L_RECALL), figureSeed);
  }
}
