package org.lethe.compute.selection;

import static org.lethe.compute.selection.MatrixCheck.ofFigures;
import static org.lethe.compute.selection.MatrixCheck.shapes;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lethe.compute.Activation;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Compute.Turn;
import org.lethe.compute.Heads;
import org.lethe.compute.RotaryTables;

/** Products, norms, activations and other work on the rows of a matrix. */
final class RowChecks {
  private static final int ROWS = 70;
  private static final int COLUMNS = 96;
  private static final Heads HEADS = new Heads(4, 2, 16);
  private static final int WIDTH = HEADS.querySize() + 2 * HEADS.keyValueSize();

  /** Rows and columns of products that are rounded where products are BFLOAT16. */
  private static final int LARGE_ROWS = 160;

  private static final int[] IDS = IntStream.range(0, ROWS).map(i -> i * i % 7).toArray();
  private static final int[] POSITIONS = IntStream.range(0, ROWS).toArray();

  private RowChecks() {}

  static Stream<MatrixCheck> all() {
    return Stream.of(
            products(),
            norms(),
            copies(),
            figures(),
            Stream.of(Activation.values()).flatMap(f -> activation(f).stream()).toList())
        .flatMap(List::stream);
  }

  private static double[] numbers() {
    return IntStream.range(0, ROWS).mapToDouble(i -> 1 - i / 50.0).toArray();
  }

  private static List<MatrixCheck> products() {
    return List.of(
        new MatrixCheck(
            "products",
            shapes(ROWS, COLUMNS, WIDTH, COLUMNS, ROWS, WIDTH),
            (c, m) -> c.multiply(Form.AS_IS, m.get(0), Form.TRANSPOSED, m.get(1), 1, 1, m.get(2))),
        new MatrixCheck(
            "large products",
            shapes(LARGE_ROWS, LARGE_ROWS, LARGE_ROWS, LARGE_ROWS, LARGE_ROWS, LARGE_ROWS),
            (c, m) -> c.multiply(Form.TRANSPOSED, m.get(0), Form.AS_IS, m.get(1), 1, 0, m.get(2))),
        new MatrixCheck(
            "products with BFLOAT16 weights",
            new int[] {WIDTH, COLUMNS},
            shapes(ROWS, COLUMNS, ROWS, WIDTH),
            (c, m) -> c.multiply(Form.AS_IS, m.get(1), Form.TRANSPOSED, m.get(0), 1, 1, m.get(2))),
        new MatrixCheck(
            "gather of BFLOAT16 weights",
            new int[] {7, COLUMNS},
            shapes(ROWS, COLUMNS),
            (c, m) -> c.gather(m.get(0), IDS, m.get(1))),
        new MatrixCheck(
            "copy of BFLOAT16 weights",
            new int[] {ROWS, COLUMNS},
            shapes(ROWS, COLUMNS),
            (c, m) -> c.copy(m.get(0), m.get(1))),
        new MatrixCheck(
            "gather",
            shapes(7, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.gather(m.get(0), IDS, m.get(1))),
        new MatrixCheck(
            "scatter",
            shapes(ROWS, COLUMNS, 7, COLUMNS),
            (c, m) -> c.scatterAdd(m.get(0), IDS, m.get(1))),
        new MatrixCheck(
            "column sums",
            shapes(ROWS, COLUMNS, 1, COLUMNS),
            (c, m) -> c.addColumnSums(m.get(0), m.get(1))),
        new MatrixCheck(
            "norm",
            shapes(ROWS, COLUMNS, 1, COLUMNS, ROWS, 1, ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) -> {
              c.normalize(m.get(0), m.get(1), 1e-5, m.get(2), m.get(3));
              c.normalizeBackward(m.get(3), m.get(0), m.get(1), m.get(2), m.get(4));
            }),
        new MatrixCheck(
            "norm weights",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS, ROWS, 1, 1, COLUMNS),
            (c, m) -> c.normalizeWeightGradient(m.get(0), m.get(1), m.get(2), m.get(3))),
        new MatrixCheck(
            "rotation",
            shapes(ROWS, COLUMNS),
            (c, m) -> c.rotate(m.get(0), HEADS.size(), tables(), POSITIONS, Turn.FORWARD)));
  }

  private static List<MatrixCheck> norms() {
    return List.of(
        new MatrixCheck(
            "norm, again",
            shapes(ROWS, COLUMNS, 1, COLUMNS, ROWS, 1, ROWS, COLUMNS),
            (c, m) -> c.renormalize(m.get(0), m.get(1), m.get(2), m.get(3))),
        new MatrixCheck(
            "centring",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.center(m.get(0), m.get(1))),
        new MatrixCheck("soft cap", shapes(ROWS, COLUMNS), (c, m) -> c.softCap(2, m.get(0))),
        new MatrixCheck(
            "soft cap, backward",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.softCapBackward(2, m.get(0), m.get(1))));
  }

  private static List<MatrixCheck> copies() {
    return List.of(
        new MatrixCheck(
            "copy", shapes(ROWS, COLUMNS, ROWS, COLUMNS), (c, m) -> c.copy(m.get(0), m.get(1))),
        new MatrixCheck(
            "placing",
            shapes(3, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.place(m.get(0), new int[] {5, 1, 60}, m.get(1))),
        new MatrixCheck(
            "addition", shapes(ROWS, COLUMNS, ROWS, COLUMNS), (c, m) -> c.add(m.get(0), m.get(1))),
        new MatrixCheck(
            "clearing", shapes(ROWS, COLUMNS), (c, m) -> c.clear(m.get(0).rows(10, 20))),
        new MatrixCheck(
            "bias", shapes(1, COLUMNS, ROWS, COLUMNS), (c, m) -> c.addRow(m.get(0), m.get(1))),
        new MatrixCheck(
            "mask",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) ->
                c.mask(
                    m.get(0),
                    (row, mask, count) -> {
                      Arrays.fill(mask, 0, count, 1.5f);
                      mask[row % count] = 0;
                    },
                    0.5,
                    m.get(1))),
        new MatrixCheck(
            "filling", shapes(ROWS, COLUMNS), (c, m) -> c.fillRows(numbers(), m.get(0))),
        new MatrixCheck(
            "subtraction",
            shapes(1, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.subtract(m.get(0), m.get(1))),
        new MatrixCheck(
            "entries",
            shapes(ROWS, COLUMNS),
            (c, m) -> c.setEntries(m.get(0), POSITIONS, numbers())));
  }

  private static List<MatrixCheck> figures() {
    return List.of(
        ofFigures("means", ROWS, shapes(ROWS, COLUMNS), (c, m) -> c.means(m.get(0))),
        ofFigures("squared norms", ROWS, shapes(ROWS, COLUMNS), (c, m) -> c.squaredNorms(m.get(0))),
        ofFigures(
            "reading of entries",
            ROWS,
            shapes(ROWS, COLUMNS),
            (c, m) -> c.entries(m.get(0), POSITIONS, IDS)));
  }

  private static List<MatrixCheck> activation(Activation f) {
    return List.of(
        new MatrixCheck(
            "gate " + f,
            shapes(ROWS, 2 * COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.gate(f, m.get(0), m.get(1))),
        new MatrixCheck(
            "gate " + f + ", backward",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS, ROWS, 2 * COLUMNS),
            (c, m) -> c.gateBackward(f, m.get(0), m.get(2), m.get(1))),
        new MatrixCheck(
            "activation " + f,
            shapes(ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.activate(f, m.get(0), m.get(1))),
        new MatrixCheck(
            "activation " + f + ", backward",
            shapes(ROWS, COLUMNS, ROWS, COLUMNS, ROWS, COLUMNS),
            (c, m) -> c.activateBackward(f, m.get(0), m.get(2), m.get(1))));
  }

  private static RotaryTables tables() {
    int half = HEADS.size() / 2;
    float[] cosines = new float[ROWS * half];
    float[] sines = new float[ROWS * half];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = (float) Math.cos(i);
      sines[i] = (float) Math.sin(i);
    }
    return new RotaryTables(half, cosines, sines);
  }
}
