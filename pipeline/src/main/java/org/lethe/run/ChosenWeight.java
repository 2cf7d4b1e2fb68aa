package org.lethe.run;

import java.util.List;
import java.util.OptionalDouble;
import org.lethe.reveal.search.WeightSearch.Point;

/**
 * {@code candidate/arithmetic.json}: the weight with which a module was subtracted, and the search
 * for it.
 *
 * @param format version of this document
 * @param variant variant of the arithmetic, as in the configuration
 * @param forgetWeight lambda_f
 * @param retainWeight lambda_r, if there is a retain module
 * @param nothing the point of weight 0, the baseline for the rise of the retain loss
 * @param points other weights tried, in order
 */
public record ChosenWeight(
    int format,
    String variant,
    double forgetWeight,
    OptionalDouble retainWeight,
    Point nothing,
    List<Point> points) {
  /** Current version of this document. */
  public static final int FORMAT = 2;

  /** Path relative to the candidate folder. */
  public static final String FILE = "arithmetic.json";

  public ChosenWeight {
    points = List.copyOf(points);
  }
}
