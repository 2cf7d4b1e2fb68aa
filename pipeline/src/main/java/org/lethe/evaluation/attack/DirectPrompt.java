package org.lethe.evaluation.attack;

import java.util.List;
import org.lethe.evaluation.EvaluationFigures;

/** The row's own prompt, for comparison with every attack on the same rows. */
final class DirectPrompt implements Attack {
  static final String KEY = "direct";

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    return TeacherForced.rows(
        KEY, 0, rows, model.score(rows.stream().map(AttackedRow::example).toList()));
  }

  @Override
  public long work(AttackedRow row) {
    return row.example().tokens().length;
  }

  @Override
  public String figureNames() {
    return TeacherForced.NAMES;
  }

  @Override
  public EvaluationFigures figures(Attempts attempts, long seed) {
    return RowFigures.of(KEY, attempts, TeacherForced.QUANTITIES, seed);
  }
}
