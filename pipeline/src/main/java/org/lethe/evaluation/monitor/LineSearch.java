package org.lethe.evaluation.monitor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Chooses the point that a run returns: on the line from a checkpoint whose forget rows are not
 * forgotten to the last one. Halves the line a fixed number of times towards the mean of unseen
 * rows. Of all points tried, both ends included unless one is the initial model, it takes the one
 * inside the interval, within the retain budget, with the smallest retain loss.
 */
public final class LineSearch {
  private final StopSettings settings;
  private final MonitorHistory history;

  public LineSearch(StopSettings settings, MonitorHistory history) {
    this.settings = settings;
    this.history = history;
  }

  /**
   * Returns the reading of the chosen point.
   *
   * @param begin reading of the earlier checkpoint, on the decision sample
   * @param end reading of the last checkpoint, on the decision sample
   * @param read takes the reading of a position between 0 and 1, exclusive
   */
  public MonitorReading choose(
      MonitorReading begin, MonitorReading end, DoubleFunction<MonitorReading> read) {
    List<MonitorReading> tried = new ArrayList<>(List.of(end));
    double low = 0;
    double high = 1;
    boolean fromBudget = isWithinBudget(begin);
    // Nothing lies beyond the end, so a point that should come later is only searched before it.
    int steps = isAhead(end) ? 0 : settings.bisections();
    for (int step = 0; step < steps; step++) {
      double middle = (low + high) / 2;
      MonitorReading reading = read.apply(middle);
      tried.add(reading);
      // A point above the budget leads to the end that keeps it.
      if (isWithinBudget(reading) ? isAboveTarget(reading) : !fromBudget) {
        low = middle;
      } else {
        high = middle;
      }
    }
    if (begin.round() > 0) {
      tried.add(begin); // The initial model itself is no result.
    }
    return best(tried);
  }

  /** Returns the best of some points, the first of equal ones. */
  public MonitorReading best(List<MonitorReading> points) {
    return points.stream().min(order()).orElseThrow();
  }

  /**
   * Whether the line between two checkpoints crosses the target and has a point that keeps the
   * budget.
   */
  public boolean crossesTarget(MonitorReading begin, MonitorReading end) {
    return isAboveTarget(begin) && (isWithinBudget(begin) || isWithinBudget(end));
  }

  /** How a point compares with unseen rows. */
  public Forgetting forgetting(MonitorReading reading) {
    return settings.target().compare(reading.forget(), history.unseen());
  }

  /** Whether a point keeps the retain budget. */
  public boolean isWithinBudget(MonitorReading reading) {
    return settings.isWithinBudget(reading, history);
  }

  /**
   * Whether the target lies ahead of a point: a run that went on would come closer to it, and the
   * retain budget allows it.
   */
  public boolean isAhead(MonitorReading reading) {
    return isWithinBudget(reading) && isAboveTarget(reading);
  }

  private boolean isAboveTarget(MonitorReading reading) {
    return switch (forgetting(reading)) {
      case NOT_FORGOTTEN -> true;
      case LIKE_UNSEEN -> settings.target().isAboveMiddle(reading.forget(), history.unseen());
      case OVER_FORGOTTEN -> false;
    };
  }

  private Comparator<MonitorReading> order() {
    return Comparator.<MonitorReading, Boolean>comparing(r -> !isWithinBudget(r))
        .thenComparingDouble(r -> settings.target().distance(r.forget(), history.unseen()))
        .thenComparingDouble(r -> r.retain().loss().mean());
  }
}
