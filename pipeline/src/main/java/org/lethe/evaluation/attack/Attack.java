package org.lethe.evaluation.attack;

import java.util.List;
import org.lethe.evaluation.EvaluationFigures;

/** One way to bring the forgotten back. */
public interface Attack {
  /** Name of the set of neutral texts. */
  String NEUTRAL = "neutral";

  /** What separates the set from the attack in the name of a figure. */
  String FIGURE = ".attack.";

  /** The name in the configuration, in rows and in figures. */
  String key();

  /** Whether the attack is tried on rows of a set. */
  default boolean targets(String set) {
    return !set.equals(NEUTRAL);
  }

  /** Whether the attack needs a second model in memory, besides the attacked one. */
  default boolean needsSecondModel() {
    return false;
  }

  /** Tries the attack on rows of one set. */
  List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows);

  /**
   * Work on one row, in tokens that the model reads; a generated token counts as several, see
   * {@link AttackBudget}.
   */
  long work(AttackedRow row);

  /** Names of the figures of one set, without the set, as a regular expression. */
  String figureNames();

  /** Figures by dotted name, from the attempts alone. */
  EvaluationFigures figures(Attempts attempts, long seed);

  /** Name of a figure: {@code SET.attack.KEY.NAME}. */
  static String figure(String set, String key, String name) {
    return set + FIGURE + key + "." + name;
  }
}
