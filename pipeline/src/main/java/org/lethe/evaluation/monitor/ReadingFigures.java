package org.lethe.evaluation.monitor;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.lethe.evaluation.AnswerLikelihood;
import org.lethe.evaluation.Figure;

/** Combines the scores of all rows of a sample into a reading. */
public final class ReadingFigures {
  private final List<RowScore> scores;
  private final long seed;

  /**
   * @param scores scores of all rows, in any order
   * @param seed seed of the intervals
   */
  public ReadingFigures(List<RowScore> scores, long seed) {
    this.scores =
        scores.stream()
            .sorted(Comparator.comparing(RowScore::set).thenComparingInt(RowScore::index))
            .toList();
    this.seed = seed;
  }

  /** Returns the reading of a point. */
  public MonitorReading reading(int round, double position, MonitorSample sample) {
    return new MonitorReading(
        round,
        position,
        sample,
        set(MonitorSet.FORGET),
        set(MonitorSet.RETAIN),
        set(MonitorSet.UNSEEN),
        figure(scores, score -> score.divergence(), seed),
        margin());
  }

  private SetReading set(MonitorSet set) {
    List<RowScore> rows = rows(set);
    return new SetReading(
        figure(rows, row -> AnswerLikelihood.probability(row.loss()), seed),
        figure(rows, RowScore::exactMemorisation, seed),
        figure(rows, RowScore::extractionStrength, seed),
        figure(rows, RowScore::loss, seed));
  }

  private MarginReading margin() {
    List<RowScore> rows = rows(MonitorSet.FORGET);
    long positions = rows.stream().mapToLong(RowScore::positions).sum();
    double gaps = rows.stream().mapToDouble(RowScore::gapSum).sum();
    long closed = rows.stream().mapToLong(RowScore::closed).sum();
    return new MarginReading(gaps / positions, (double) closed / positions, positions);
  }

  private List<RowScore> rows(MonitorSet set) {
    return scores.stream().filter(score -> score.set() == set).toList();
  }

  /** The mean over the rows that have the value. */
  private static Figure figure(List<RowScore> rows, ToDoubleFunction<RowScore> value, long seed) {
    return Figure.of(
        rows.stream().mapToDouble(value).filter(number -> !Double.isNaN(number)).toArray(), seed);
  }
}
