package org.lethe.evaluation.tuning;

import java.util.ArrayList;
import java.util.List;

/**
 * Successive halving (Jamieson and Talwalkar, arXiv 1502.07943): every rung keeps one in a number
 * of candidates and gives those that many times the rounds. Each rung trains from the initial
 * model, so that a result does not depend on the rung before.
 *
 * @param rungs numbers of candidates and rounds, first rung first
 */
public record Halving(List<Rung> rungs) {
  /**
   * One rung.
   *
   * @param candidates that are trained
   * @param rounds of each
   */
  public record Rung(int candidates, int rounds) {}

  public Halving {
    rungs = List.copyOf(rungs);
  }

  /**
   * The longest rungs within a budget.
   *
   * @param candidates in the first rung, at least 1
   * @param factor one in this number of candidates stays, at least 2
   * @param mostRounds rounds of the whole unlearning; no rung has more
   * @param budget rounds of all candidates and rungs together
   * @throws IllegalArgumentException if the budget is below {@link #leastRounds}
   */
  public static Halving within(int candidates, int factor, int mostRounds, long budget) {
    long least = leastRounds(candidates, factor, mostRounds);
    if (budget < least) {
      throw new IllegalArgumentException(
          "Invalid budget: " + budget + " rounds, expected at least " + least);
    }
    int rounds = 1;
    while (rounds < mostRounds
        && cost(rungs(candidates, factor, mostRounds, rounds + 1)) <= budget) {
      rounds++;
    }
    return new Halving(rungs(candidates, factor, mostRounds, rounds));
  }

  /** Rounds of all rungs together if each candidate begins with one. */
  public static long leastRounds(int candidates, int factor, int mostRounds) {
    return cost(rungs(candidates, factor, mostRounds, 1));
  }

  private static List<Rung> rungs(int candidates, int factor, int mostRounds, int first) {
    List<Rung> rungs = new ArrayList<>();
    int left = candidates;
    long rounds = first;
    while (rungs.isEmpty() || left > 1) {
      rungs.add(new Rung(left, (int) Math.min(rounds, mostRounds)));
      left = (left + factor - 1) / factor;
      rounds = Math.min(rounds * factor, mostRounds);
    }
    return rungs;
  }

  private static long cost(List<Rung> rungs) {
    return rungs.stream().mapToLong(rung -> (long) rung.candidates() * rung.rounds()).sum();
  }
}
