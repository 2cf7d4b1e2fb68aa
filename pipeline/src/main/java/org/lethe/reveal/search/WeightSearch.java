package org.lethe.reveal.search;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Line search over lambda_f, the weight with which a module is subtracted. The module is already
 * trained, so each weight costs one evaluation. Damage grows with the weight. The search therefore
 * starts with the smallest and stops when the forget target is met or too much is lost.
 */
public final class WeightSearch {
  private WeightSearch() {}

  /**
   * A weight that was tried.
   *
   * @param weight lambda_f. At 0 the retain module, if any, is merged and nothing is subtracted
   * @param recited share of the revealed answers' words that the model still writes by itself
   * @param retainLoss mean loss per token of the retain rows, in nats
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
   * @param weights weights to try, above 0 in ascending order
   * @param enough recitation, from 0 to 1, that counts as forgotten
   * @param retainRise maximum rise of the retain loss above that at weight 0, in nats per token.
   *     The retain module lowers the loss of its own training rows far below the original model's,
   *     and that gain must not be spent
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
   * Returns the weight to try next. Empty if the search is over.
   *
   * @param nothing point of weight 0
   * @param done points so far, in order
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
   * Returns the chosen point: the last one within the retain budget. If there is none, returns the
   * smallest weight and leaves the decision to the gates.
   *
   * @param nothing point of weight 0
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
