package org.lethe.evaluation.attack;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.evaluation.EvaluationFigures;

/** One way to bring the forgotten back. */
public interface Attack {
  /** Name of the set of neutral texts. */
  String NEUTRAL = "neutral";

  /** Prefix of the set of forget rows that an attacker teaches the model. */
  String TAUGHT = "taught-";

  /** What separates the set from the attack in the name of a figure. */
  String FIGURE = ".attack.";

  /** The name in the configuration, in rows and in figures. */
  String key();

  /** Whether the attack is tried on rows of a set. */
  default boolean targets(String set) {
    return !set.equals(NEUTRAL) && !set.startsWith(TAUGHT);
  }

  /** What the attack teaches the model, if anything. */
  default Optional<Lesson.Kind> lesson() {
    return Optional.empty();
  }

  /** Models besides the attacked one. */
  enum OtherModel {
    /** A copy with other weights. */
    ROUNDED,
    /** The model before unlearning. */
    INITIAL,
    /** A model without the forget rows. */
    CONTROL,
    /** A model that was trained like the initial one, without the forget rows. */
    RETRAINED
  }

  /** Models that the attack needs in memory, besides the attacked one. */
  default Set<OtherModel> otherModels() {
    return Set.of();
  }

  /** Whether the attack needs a second model in memory, so that one worker takes all its rows. */
  default boolean needsSecondModel() {
    return !otherModels().isEmpty() || lesson().isPresent();
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
