package org.lethe.evaluation.attack;

import java.util.List;
import java.util.Map;

/**
 * How many rows attacks may take. Work is counted in tokens that a model reads, not measured in
 * seconds, so that the same run always attacks the same rows.
 *
 * @param share maximum share of the whole run, attacks included, in (0, 1)
 * @param otherWork work of the run without attacks, in tokens
 */
public record AttackBudget(double share, long otherWork) {
  /** Tokens read in the time in which one is generated, in batches. */
  public static final int GENERATED = 3;

  /**
   * Tokens that an attack reads in the time of a training step on one. Training has three passes,
   * but attacks run small batches and start a Spark job of their own: measured on the quickstart,
   * they took more than twice the time for each token.
   */
  public static final int TRAINED = 1;

  /** Before and after unlearning. */
  private static final int TIMES = 2;

  /** Intervals of fewer rows say nothing, so this number is attacked in any case. */
  static final int LEAST_ROWS = 8;

  /**
   * Returns the plan for attacks on the model before and after unlearning.
   *
   * @param sample rows of each set, of typical length; all neutral texts
   * @param most largest number of rows of a set
   */
  public Plan plan(List<Attack> attacks, Map<String, List<AttackedRow>> sample, int most) {
    double fixed = 0;
    double perRow = 0;
    for (Map.Entry<String, List<AttackedRow>> set : sample.entrySet()) {
      double work = 0;
      for (Attack attack : attacks) {
        if (attack.targets(set.getKey())) {
          work += TIMES * set.getValue().stream().mapToLong(attack::work).sum();
        }
      }
      if (set.getKey().equals(Attack.NEUTRAL)) {
        fixed += work;
      } else {
        perRow += set.getValue().isEmpty() ? 0 : work / set.getValue().size();
      }
    }
    double allowed = share / (1 - share) * otherWork - fixed;
    double fitting = perRow == 0 ? most : allowed / perRow;
    int rows = (int) Math.max(Math.min(LEAST_ROWS, most), Math.min(most, fitting));
    double planned = fixed + perRow * rows;
    return new Plan(rows, planned == 0 ? 0 : planned / (planned + otherWork));
  }

  /**
   * A plan.
   *
   * @param rows number of rows of each set
   * @param share planned share of the run
   */
  public record Plan(int rows, double share) {}
}
