package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.TokenScores;

/**
 * The logit lens: what the model's inner layers still know. The activations after each block go
 * through the last norm and head of the initial model, as in the unlearning-depth-score repository.
 * {@code probability} is that of the best block for each row, {@code block-NN.probability} that of
 * one block, from 1.
 */
final class InnerLayers implements Attack {
  static final String KEY = "logit-lens";

  private static final String BLOCK = "block-";

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public Set<OtherModel> otherModels() {
    return Set.of(OtherModel.INITIAL);
  }

  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    List<List<TokenScores>> scores =
        model.scoreByBlock(rows.stream().map(AttackedRow::example).toList());
    List<AttackRow> attempts = new ArrayList<>();
    for (int block = 0; block < scores.size(); block++) {
      attempts.addAll(TeacherForced.rows(KEY, block, rows, scores.get(block)));
    }
    return attempts;
  }

  /** The head of a small model is as large as its blocks, and it runs once for each block. */
  @Override
  public long work(AttackedRow row) {
    return 4L * row.example().tokens().length;
  }

  @Override
  public String figureNames() {
    return "probability|" + BLOCK + "\\d{2,3}\\.probability";
  }

  @Override
  public EvaluationFigures figures(Attempts attempts, long seed) {
    EvaluationFigures all = RowFigures.of(KEY, attempts, List.of(Quantity.PROBABILITY), seed);
    for (String set : attempts.sets(KEY)) {
      List<List<AttackRow>> rows = attempts.rows(KEY, set);
      TreeSet<Integer> blocks = new TreeSet<>();
      rows.forEach(row -> row.forEach(attempt -> blocks.add(attempt.variant())));
      for (int block : blocks) {
        String name =
            Attack.figure(
                set,
                KEY,
                String.format(
                    Locale.ROOT, "%s%02d.%s", BLOCK, block + 1, Quantity.PROBABILITY.key()));
        all = all.and(RowFigures.best(name, ofBlock(rows, block), Quantity.PROBABILITY, seed));
      }
    }
    return all;
  }

  private static List<List<AttackRow>> ofBlock(List<List<AttackRow>> rows, int block) {
    return rows.stream()
        .map(row -> row.stream().filter(attempt -> attempt.variant() == block).toList())
        .toList();
  }
}
