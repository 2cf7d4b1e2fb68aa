package org.lethe.compute.selection;

import static org.lethe.compute.selection.MatrixCheck.ofFigures;
import static org.lethe.compute.selection.MatrixCheck.shapes;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lethe.compute.Compute.Moments;

/** Losses and choices over the vocabulary. */
final class LogitChecks {
  private static final int ROWS = 70;
  private static final int COLUMNS = 96;
  private static final int[] IDS = IntStream.range(0, ROWS).map(i -> i * i % 7).toArray();
  private static final int[] POSITIONS = IntStream.range(0, ROWS).toArray();

  private LogitChecks() {}

  private static double[] numbers() {
    return IntStream.range(0, ROWS).mapToDouble(i -> 1 - i / 50.0).toArray();
  }

  static Stream<MatrixCheck> all() {
    return Stream.of(
        new MatrixCheck(
            "cross-entropy",
            shapes(ROWS, COLUMNS),
            (c, m) -> {
              double[] sums = new double[ROWS];
              c.exponentials(m.get(0), IDS, new double[ROWS], sums);
              c.subtractTargets(m.get(0), IDS, sums);
              c.scaleRows(numbers(), m.get(0));
            }),
        new MatrixCheck(
            "divergence",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.compare(m.get(1), m.get(0), numbers())),
        ofFigures(
            "largest",
            ROWS,
            shapes(ROWS, COLUMNS),
            (c, m) -> Arrays.stream(c.largest(m.get(0))).asDoubleStream().toArray()),
        ofFigures(
            "moments",
            5 * ROWS,
            shapes(ROWS, COLUMNS),
            (c, m) -> joined(c.moments(m.get(0), POSITIONS, IDS))));
  }

  private static double[] joined(Moments moments) {
    return Stream.of(
            Arrays.stream(moments.sums()),
            Arrays.stream(moments.firsts()),
            Arrays.stream(moments.seconds()),
            Arrays.stream(moments.largest()).asDoubleStream(),
            Arrays.stream(moments.shifted()))
        .flatMapToDouble(figures -> figures)
        .toArray();
  }
}
