package org.lethe.evaluation.attack;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.NotMeasured;

/**
 * Figures of an attack with several attempts on each row: for each row the attempt that is best for
 * the attacker, averaged over the rows. Every quantity chooses its own attempt.
 */
final class RowFigures {
  private RowFigures() {}

  /**
   * Returns the figures of all sets: {@code SET.attack.KEY.QUANTITY}.
   *
   * @param quantities of which more is better for the attacker
   */
  static EvaluationFigures of(
      String attack, Attempts attempts, List<Quantity> quantities, long seed) {
    EvaluationFigures all = EvaluationFigures.NONE;
    for (String set : attempts.sets(attack)) {
      for (Quantity quantity : quantities) {
        all =
            all.and(
                best(
                    Attack.figure(set, attack, quantity.key()),
                    attempts.rows(attack, set),
                    quantity,
                    seed));
      }
    }
    return all;
  }

  /** Returns one figure, or why it has no value. */
  static EvaluationFigures best(
      String name, List<List<AttackRow>> rows, Quantity quantity, long seed) {
    double[] best = new double[rows.size()];
    long without = 0;
    Optional<NotMeasured.Reason> reason = Optional.empty();
    for (int i = 0; i < best.length; i++) {
      double[] found =
          rows.get(i).stream().flatMapToDouble(row -> row.quantity(quantity).stream()).toArray();
      if (found.length == 0) {
        without++;
        reason = reason.isPresent() ? reason : Optional.of(why(rows.get(i)));
      }
      best[i] = Arrays.stream(found).max().orElse(0);
    }
    SortedMap<String, Figure> measured = new TreeMap<>();
    SortedMap<String, NotMeasured> notMeasured = new TreeMap<>();
    if (reason.isPresent()) {
      notMeasured.put(name, new NotMeasured(reason.get(), without, rows.size()));
    } else {
      measured.put(name, Figure.of(best, seed));
    }
    return new EvaluationFigures(measured, notMeasured);
  }

  /** A row without a quantity whose attempts gave others has too few tokens for it. */
  private static NotMeasured.Reason why(List<AttackRow> attempts) {
    return attempts.stream()
        .flatMap(row -> row.missing().stream())
        .findFirst()
        .orElse(NotMeasured.Reason.NO_TOKENS);
  }
}
