package org.lethe.compute.selection;

import static org.lethe.compute.selection.MatrixCheck.shapes;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.lethe.compute.Heads;
import org.lethe.compute.Scores;

/** Attention of each size of heads, with and without window and cap. */
final class AttentionChecks {
  private static final int ROWS = 70;
  private static final int[] STARTS = {0, 1, ROWS};
  private static final Heads SMALL = new Heads(4, 2, 16);
  private static final Heads CAPPED =
      new Heads(4, 2, 16, new Scores(0.25, OptionalDouble.of(2), OptionalInt.of(20)));

  private AttentionChecks() {}

  static Stream<MatrixCheck> all() {
    return Stream.of(
            attention("attention", SMALL),
            attention("attention with window and cap", CAPPED),
            attention("attention of heads of 128", new Heads(2, 1, 128)),
            attention("attention of large heads", new Heads(2, 1, 256)))
        .flatMap(List::stream);
  }

  /** Attention over sequences, its gradient, and attention over a cache. */
  private static List<MatrixCheck> attention(String name, Heads heads) {
    int width = heads.querySize() + 2 * heads.keyValueSize();
    int out = heads.querySize();
    return List.of(
        new MatrixCheck(
            name,
            shapes(ROWS, width, ROWS, heads.query(), ROWS, out),
            (c, m) -> c.attend(heads, STARTS, m.get(0), m.get(1), m.get(2))),
        new MatrixCheck(
            name + ", backward",
            shapes(ROWS, out, ROWS, width, ROWS, heads.query(), ROWS, out, ROWS, width),
            (c, m) -> {
              c.attend(heads, STARTS, m.get(1), m.get(2), m.get(3));
              c.attendBackward(heads, STARTS, m.get(0), m.get(1), m.get(2), m.get(3), m.get(4));
            }),
        new MatrixCheck(
            name + ", cached",
            shapes(1, width, ROWS, 2 * heads.keyValueSize(), 1, out),
            (c, m) ->
                c.attendCached(
                    heads, m.get(0), m.get(1), ROWS, new int[] {0}, new int[] {ROWS}, m.get(2))));
  }
}
