package org.lethe.run;

import java.util.List;
import java.util.OptionalDouble;
import org.lethe.reveal.search.WeightSearch.Point;

/**
 * {@code candidate/arithmetic.json}: how much of a module was taken out of the weights, and why.
 *
 * @param format version of this document
 * @param variant of the arithmetic, as in the configuration
 * @param forgetWeight lambda_f
 * @param retainWeight lambda_r, where there is a retain module
 * @param nothing the point of weight 0, from which the rise of the retain loss counts
 * @param points other weights tried, in their order
 */
public record ChosenWeight(
    int format,
    String variant,
    double forgetWeight,
    OptionalDouble retainWeight,
    Point nothing,
    List<Point> points) {
  /** The current format. */
  public static final int FORMAT = 2;

  /** The file, relative to the candidate. */
  public static final String FILE = "arithmetic.json";

  public ChosenWeight {
    points = List.copyOf(points);
  }
}
