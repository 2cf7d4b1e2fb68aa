package org.lethe.evaluation.attack;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.AreaUnderCurve;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.NotMeasured;

/**
 * Membership inference: whether scores tell the rows of a set from unseen rows. {@code SCORE-auc}
 * is the area under the ROC curve, 1 if all rows of the set look like members, as in
 * open-unlearning. {@code SCORE-s} is clip(1 - |AUC - AUC_ref| / AUC_ref, 0, 1) as in the
 * unlearning-depth-score repository: 1 if forgotten, and less both if the rows are still known and
 * if they stand out as unknown. AUC_ref is that of a model that saw neither.
 *
 * <p>It takes no work of the model: the scores are those of the evaluation.
 */
public final class MembershipScores implements Attack {
  public static final String KEY = "membership";

  /** Maximum number of rows of a set, because the intervals resample pairs of all rows. */
  public static final int MOST_ROWS = 500;

  private static final String UNSEEN = "unseen-";
  private static final String FORGET = "forget";
  private static final Map<Quantity, Metric> SCORES =
      new EnumMap<>(
          Map.of(
              Quantity.LOSS, Metric.LOSS,
              Quantity.ZLIB, Metric.ZLIB,
              Quantity.MIN_K, Metric.MIN_K,
              Quantity.MIN_K_PLUS_PLUS, Metric.MIN_K_PLUS_PLUS));

  private final double referenceArea;

  MembershipScores(double referenceArea) {
    this.referenceArea = referenceArea;
  }

  @Override
  public String key() {
    return KEY;
  }

  /** None: the rows come from {@link #row}. */
  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    return List.of();
  }

  @Override
  public boolean targets(String set) {
    return false;
  }

  @Override
  public long work(AttackedRow row) {
    return 0;
  }

  /** The scores of an evaluated row. */
  public static AttackRow row(EvaluationRow row) {
    Map<Quantity, Double> quantities = new EnumMap<>(Quantity.class);
    SCORES.forEach(
        (quantity, metric) -> row.metric(metric).ifPresent(v -> quantities.put(quantity, v)));
    return new AttackRow(
        KEY, 0, row.set(), row.id(), row.tokens(), Optional.empty(), quantities, Optional.empty());
  }

  @Override
  public String figureNames() {
    return "(loss|zlib|min-k|min-k-plus-plus)-(auc|s)";
  }

  @Override
  public EvaluationFigures figures(Attempts attempts, long seed) {
    SortedMap<String, Figure> measured = new TreeMap<>();
    SortedMap<String, NotMeasured> notMeasured = new TreeMap<>();
    for (String set : attempts.sets(KEY)) {
      if (!set.startsWith(UNSEEN)) {
        List<List<AttackRow>> others = others(attempts, set);
        if (!others.isEmpty()) {
          put(measured, set, attempts.rows(KEY, set), others, seed);
        } else if (set.endsWith(FORGET)) {
          long count = attempts.rows(KEY, set).size();
          for (Quantity score : SCORES.keySet()) {
            notMeasured.put(
                Attack.figure(set, KEY, score.key() + "-s"),
                new NotMeasured(NotMeasured.Reason.NO_UNSEEN, count, count));
          }
        }
      }
    }
    return new EvaluationFigures(measured, notMeasured);
  }

  /** Unseen rows of the same kind, or those like the forget rows. */
  private static List<List<AttackRow>> others(Attempts attempts, String set) {
    List<List<AttackRow>> own = attempts.rows(KEY, UNSEEN + set);
    return own.isEmpty() ? attempts.rows(KEY, UNSEEN + FORGET) : own;
  }

  private void put(
      SortedMap<String, Figure> measured,
      String set,
      List<List<AttackRow>> members,
      List<List<AttackRow>> others,
      long seed) {
    for (Quantity score : SCORES.keySet()) {
      double[] inside = values(members, score);
      double[] outside = values(others, score);
      // A model may not give Min-K++.
      if (inside.length > 0 && outside.length > 0) {
        put(measured, Attack.figure(set, KEY, score.key()), inside, outside, seed);
      }
    }
  }

  private void put(
      SortedMap<String, Figure> measured,
      String name,
      double[] inside,
      double[] outside,
      long seed) {
    Figure area =
        Bootstrap.of(
            inside.length,
            outside.length,
            (i, o) -> AreaUnderCurve.of(drawn(outside, o), drawn(inside, i)),
            seed);
    measured.put(name + "-auc", area);
    // Between the ends of the area's interval, s is largest at the reference.
    double low = Math.min(score(area.low()), score(area.high()));
    boolean peak = area.low() <= referenceArea && referenceArea <= area.high();
    double high = peak ? 1 : Math.max(score(area.low()), score(area.high()));
    measured.put(name + "-s", new Figure(score(area.mean()), low, high, area.count()));
  }

  /** s = clip(1 - |AUC - AUC_ref| / AUC_ref, 0, 1). */
  private double score(double area) {
    return Math.min(1, Math.max(0, 1 - Math.abs(area - referenceArea) / referenceArea));
  }

  private static double[] drawn(double[] values, int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
  }

  private static double[] values(List<List<AttackRow>> rows, Quantity quantity) {
    return rows.stream().flatMapToDouble(row -> row.get(0).quantity(quantity).stream()).toArray();
  }
}
