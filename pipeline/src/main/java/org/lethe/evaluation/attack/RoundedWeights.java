package org.lethe.evaluation.attack;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;

/**
 * The model with coarser weights, as people use it after a download: unlearning that moves weights
 * by less than the rounding disappears (Zhang et al., arXiv 2410.16454).
 *
 * <p>{@code QUANTITY-q} is Q = min(before / after, 1) of the means before and after rounding, as in
 * the unlearning-depth-score repository: 1 if rounding brings nothing back.
 */
final class RoundedWeights implements Attack {
  private static final String KEY = "quantised-";
  private static final List<Quantity> QUANTITIES =
      List.of(Quantity.PROBABILITY, Quantity.EXTRACTION_STRENGTH);
  private static final String RATIO = "-q";

  private final WeightRounding rounding;

  RoundedWeights(WeightRounding rounding) {
    this.rounding = rounding;
  }

  /** The key of the attack with that width. */
  static String key(int bits) {
    return KEY + bits;
  }

  @Override
  public String key() {
    return key(rounding.bits());
  }

  @Override
  public Set<OtherModel> otherModels() {
    return Set.of(OtherModel.ROUNDED);
  }

  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    return TeacherForced.rows(
        key(),
        0,
        rows,
        model.scoreRounded(rounding, rows.stream().map(AttackedRow::example).toList()));
  }

  @Override
  public long work(AttackedRow row) {
    return row.example().tokens().length;
  }

  @Override
  public String figureNames() {
    return TeacherForced.NAMES + "|probability-q|extraction-strength-q";
  }

  @Override
  public EvaluationFigures figures(Attempts attempts, long seed) {
    SortedMap<String, Figure> ratios = new TreeMap<>();
    for (String set : attempts.sets(key())) {
      for (Quantity quantity : QUANTITIES) {
        double[] direct = values(attempts.rows(DirectPrompt.KEY, set), quantity);
        double[] rounded = values(attempts.rows(key(), set), quantity);
        if (direct.length > 0 && direct.length == rounded.length) {
          ratios.put(
              Attack.figure(set, key(), quantity.key() + RATIO),
              Bootstrap.of(
                  direct.length, drawn -> ratio(mean(direct, drawn), mean(rounded, drawn)), seed));
        }
      }
    }
    return RowFigures.of(key(), attempts, TeacherForced.QUANTITIES, seed)
        .and(EvaluationFigures.of(ratios));
  }

  /** Q = min(before / after, 1). */
  static double ratio(double before, double after) {
    return after <= before ? 1 : before / after;
  }

  private static double mean(double[] values, int[] drawn) {
    return Arrays.stream(drawn).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  private static double[] values(List<List<AttackRow>> rows, Quantity quantity) {
    return rows.stream().flatMapToDouble(row -> row.get(0).quantity(quantity).stream()).toArray();
  }
}
