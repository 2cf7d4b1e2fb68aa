package org.lethe.reveal.search;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How much of a module to take out: the line search over lambda_f. The module is trained already,
 * so that each weight costs one evaluation. Weights are tried from the smallest on, since damage
 * grows with them, until enough is forgotten or too much is lost.
 */
public final class WeightSearch {
  private WeightSearch() {}

  /**
   * One weight tried.
   *
   * @param weight lambda_f; 0: the retain module is put in, where there is one, and nothing taken
   *     out
   * @param recited share of the revealed answers' words that the model still writes by itself
   * @param retainLoss mean loss per token of what is to be kept, in nats
   */
  public record Point(double weight, double recited, double retainLoss) {
    public Point {
      if (!Double.isFinite(recited) || !Double.isFinite(retainLoss)) {
        throw new IllegalArgumentException(
            "Invalid figures at weight " + weight + ": " + recited + ", " + retainLoss);
      }
    }
  }

  /**
   * @param weights to be tried, each above 0 and above the one before
   * @param enough recitation at which enough is forgotten, from 0 to 1
   * @param retainRise largest rise of the retain loss above that at weight 0, in nats per token.
   *     The retain module lowers the loss of what it was trained on far below the original model's,
   *     and that gain is not there to be spent
   */
  public record Settings(List<Double> weights, double enough, double retainRise) {
    public Settings {
      weights = List.copyOf(weights);
      boolean ascending = !weights.isEmpty() && weights.get(0) > 0;
      for (int i = 1; i < weights.size(); i++) {
        ascending &= weights.get(i) > weights.get(i - 1);
      }
      if (!ascending) {
        throw new IllegalArgumentException(
            "Invalid weights: " + weights + ", expected some above 0 in ascending order");
      }
      if (!(enough >= 0 && enough <= 1) || !(retainRise >= 0)) {
        throw new IllegalArgumentException(
            "Invalid search: enough at " + enough + ", retain rise " + retainRise);
      }
    }
  }

  /**
   * The weight to try next; none if the search is over.
   *
   * @param nothing the point of weight 0
   * @param done the points so far, in their order
   */
  public static OptionalDouble next(Point nothing, List<Point> done, Settings settings) {
    if (done.size() == settings.weights().size()) {
      return OptionalDouble.empty();
    }
    if (!done.isEmpty()) {
      Point last = done.get(done.size() - 1);
      if (last.recited() <= settings.enough() || !isKept(nothing, last, settings)) {
        return OptionalDouble.empty();
      }
    }
    return OptionalDouble.of(settings.weights().get(done.size()));
  }

  /**
   * The point to take: the last that keeps what is to be kept. If none does, the smallest weight,
   * for the gates to judge.
   *
   * @param nothing the point of weight 0
   * @param done at least one point
   */
  public static Point chosen(Point nothing, List<Point> done, Settings settings) {
    Point chosen = done.get(0);
    for (Point point : done) {
      if (isKept(nothing, point, settings)) {
        chosen = point;
      }
    }
    return chosen;
  }

  private static boolean isKept(Point nothing, Point point, Settings settings) {
    return point.retainLoss() <= nothing.retainLoss() + settings.retainRise();
  }
}
