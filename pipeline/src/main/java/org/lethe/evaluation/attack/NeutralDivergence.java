package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lethe.evaluation.EvaluationFigures;

/**
 * KL(initial model || model) per token on neutral texts: how far unlearning moved the model on
 * texts that have nothing to do with the request. RepSelect (arXiv 2606.17168) stops at 0.01 nat.
 * Only the unlearned model has this figure.
 */
final class NeutralDivergence implements Attack {
  static final String KEY = "divergence";

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public boolean targets(String set) {
    return set.equals(NEUTRAL);
  }

  @Override
  public Set<OtherModel> otherModels() {
    return Set.of(OtherModel.INITIAL);
  }

  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    Optional<double[]> divergences =
        model.divergences(rows.stream().map(AttackedRow::example).toList());
    List<AttackRow> attempts = new ArrayList<>();
    for (int i = 0; i < rows.size() && divergences.isPresent(); i++) {
      attempts.add(
          AttackRow.measured(
              KEY, 0, rows.get(i), Map.of(Quantity.DIVERGENCE, divergences.get()[i])));
    }
    return attempts;
  }

  @Override
  public long work(AttackedRow row) {
    return 2L * row.example().tokens().length;
  }

  @Override
  public String figureNames() {
    return "kl";
  }

  @Override
  public EvaluationFigures figures(Attempts attempts, long seed) {
    EvaluationFigures all = EvaluationFigures.NONE;
    for (String set : attempts.sets(KEY)) {
      all =
          all.and(
              RowFigures.best(
                  Attack.figure(set, KEY, figureNames()),
                  attempts.rows(KEY, set),
                  Quantity.DIVERGENCE,
                  seed));
    }
    return all;
  }
}
