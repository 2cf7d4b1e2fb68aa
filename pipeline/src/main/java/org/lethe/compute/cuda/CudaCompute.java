package org.lethe.compute.cuda;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.lethe.compute.Activation;
import org.lethe.compute.Compute;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.compute.Products;
import org.lethe.compute.RotaryTables;

/**
 * The arithmetic of a decoder on a CUDA device. Calls start work and return; only calls that return
 * numbers to the heap wait for it. Sums have a fixed order, so the same input gives the same bytes
 * on the same device.
 */
final class CudaCompute implements Compute {
  /** Rows that one block sums, as in {@code rows.cu}. */
  private static final int GROUP_ROWS = 64;

  private static final int COLUMNS_OF_BLOCK = 32;

  private final CudaSession session;
  private final CudaProducts products;
  private final CudaAttention attention;
  private final CudaLogits logits;

  CudaCompute(CudaSession session, Products products) {
    this.session = session;
    this.products = new CudaProducts(session, products);
    attention = new CudaAttention(session, products);
    logits = new CudaLogits(session);
  }

  private static CudaMatrix on(Matrix matrix) {
    return (CudaMatrix) matrix;
  }

  /** Starts a kernel with one block for each row of x. */
  private void rows(String kernel, Matrix x, Object... arguments) {
    session.launch(kernel, Grid.rows(x.rows(), x.columns()), arguments);
  }

  @Override
  public void multiply(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    products.multiply(formA, on(a), formB, b, alpha, beta, on(c));
  }

  @Override
  public void multiplyPrecisely(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    products.multiplyPrecisely(formA, on(a), formB, b, alpha, beta, on(c));
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix out) {
    Grid grid = Grid.rows(ids.length, out.columns());
    if (table instanceof CudaHalfMatrix half) {
      session.launch("gather_bfloat_rows", grid, half.address(), ids, out);
    } else {
      session.launch("gather_rows", grid, table, ids, out);
    }
  }

  @Override
  public void scatterAdd(Matrix in, int[] ids, Matrix table) {
    Scatter scatter = Scatter.of(ids);
    session.launch(
        "scatter_rows",
        Grid.rows(scatter.ids().length, table.columns()),
        in,
        scatter.ids(),
        scatter.starts(),
        scatter.order(),
        table);
  }

  @Override
  public void copy(Matrix from, Matrix to) {
    if (from instanceof CudaHalfMatrix half) {
      rows("widen_rows", to, half.address(), to);
    } else {
      rows("copy_rows", to, from, to);
    }
  }

  @Override
  public void place(Matrix from, int[] rows, Matrix to) {
    session.launch("place_rows", Grid.rows(rows.length, from.columns()), from, rows, to);
  }

  @Override
  public void add(Matrix x, Matrix sum) {
    rows("add_rows", sum, x, sum);
  }

  @Override
  public void center(Matrix x, Matrix out) {
    rows("center_rows", x, x, out);
  }

  @Override
  public void clear(Matrix matrix) {
    rows("clear_rows", matrix, matrix);
  }

  @Override
  public void addRow(Matrix bias, Matrix x) {
    rows("add_row", x, bias, x);
  }

  @Override
  public void addColumnSums(Matrix x, Matrix sums) {
    try (CudaMatrix groups = groups(x)) {
      session.launch("column_sums", columnGrid(x), x, groups.address());
      addGroups(groups, sums);
    }
  }

  /** Room for the first step of a column sum: one row for each group of rows. */
  private CudaMatrix groups(Matrix x) {
    return session.matrix(Grid.divided(x.rows(), GROUP_ROWS), x.columns());
  }

  private static Grid columnGrid(Matrix x) {
    return Grid.blocks(
        Grid.divided(x.columns(), COLUMNS_OF_BLOCK), Grid.divided(x.rows(), GROUP_ROWS), 1);
  }

  private void addGroups(CudaMatrix groups, Matrix sums) {
    session.launch(
        "add_groups", Grid.elements(sums.columns()), groups.address(), groups.rows(), sums);
  }

  /** Work on one group of columns that has its own norm. */
  private interface GroupWork {
    /**
     * Starts the kernels of a group.
     *
     * @param group cuts the group's columns from a matrix of all groups
     */
    void run(UnaryOperator<Matrix> group, Matrix inverse);
  }

  private static void forEachGroup(Matrix inverse, Matrix weight, GroupWork work) {
    int size = weight.columns();
    for (int g = 0; g < inverse.columns(); g++) {
      int first = g * size;
      work.run(
          inverse.columns() == 1 ? UnaryOperator.identity() : x -> x.columns(first, size),
          inverse.columns(g, 1));
    }
  }

  @Override
  public void normalize(Matrix x, Matrix weight, double epsilon, Matrix inverse, Matrix out) {
    forEachGroup(
        inverse,
        weight,
        (group, own) ->
            rows(
                "normalize",
                group.apply(x),
                group.apply(x),
                weight,
                (float) epsilon,
                own,
                group.apply(out)));
  }

  @Override
  public void renormalize(Matrix x, Matrix weight, Matrix inverse, Matrix out) {
    forEachGroup(
        inverse,
        weight,
        (group, own) ->
            rows("renormalize", group.apply(x), group.apply(x), weight, own, group.apply(out)));
  }

  @Override
  public void normalizeBackward(Matrix dOut, Matrix x, Matrix weight, Matrix inverse, Matrix dX) {
    forEachGroup(
        inverse,
        weight,
        (group, own) ->
            rows(
                "normalize_backward",
                group.apply(x),
                group.apply(dOut),
                group.apply(x),
                weight,
                own,
                group.apply(dX)));
  }

  @Override
  public void normalizeWeightGradient(Matrix dOut, Matrix x, Matrix inverse, Matrix dWeight) {
    forEachGroup(
        inverse,
        dWeight,
        (group, own) -> {
          Matrix part = group.apply(x);
          try (CudaMatrix groups = groups(part)) {
            session.launch(
                "norm_weight_sums",
                columnGrid(part),
                group.apply(dOut),
                part,
                own,
                groups.address());
            addGroups(groups, dWeight);
          }
        });
  }

  @Override
  public void rotate(Matrix x, int headSize, RotaryTables rotary, int[] positions, Turn turn) {
    CudaTables.Addresses addresses = session.tables().of(rotary);
    rows(
        "rotate",
        x,
        x,
        addresses.cosines(),
        addresses.sines(),
        positions,
        rotary.half(),
        headSize,
        turn == Turn.FORWARD ? 1f : -1f);
  }

  @Override
  public void attend(Heads heads, int[] starts, Matrix qkv, Matrix logSums, Matrix out) {
    attention.attend(heads, starts, on(qkv), on(logSums), on(out));
  }

  @Override
  public void attendBackward(
      Heads heads, int[] starts, Matrix dOut, Matrix qkv, Matrix logSums, Matrix out, Matrix dQkv) {
    attention.backward(heads, starts, on(dOut), on(qkv), on(logSums), on(out), on(dQkv));
  }

  @Override
  public void attendCached(
      Heads heads, Matrix qkv, Matrix cache, int capacity, int[] slots, int[] lengths, Matrix out) {
    attention.cached(heads, on(qkv), on(cache), capacity, slots, lengths, on(out));
  }

  @Override
  public void gate(Activation f, Matrix gateUp, Matrix out) {
    rows("gate_" + name(f), out, gateUp, out);
  }

  @Override
  public void gateBackward(Activation f, Matrix dOut, Matrix gateUp, Matrix activated) {
    rows("gate_backward_" + name(f), dOut, dOut, gateUp, activated);
  }

  private static String name(Activation f) {
    return f.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void activate(Activation f, Matrix x, Matrix out) {
    rows("activate_" + name(f), out, x, out);
  }

  @Override
  public void activateBackward(Activation f, Matrix dOut, Matrix x, Matrix activated) {
    rows("activate_backward_" + name(f), dOut, dOut, x, activated);
  }

  @Override
  public void softCap(double cap, Matrix x) {
    rows("soft_cap", x, (float) cap, x);
  }

  @Override
  public void softCapBackward(double cap, Matrix capped, Matrix gradient) {
    rows("soft_cap_backward", gradient, (float) cap, capped, gradient);
  }

  @Override
  public void mask(Matrix x, MaskSource masks, double beta, Matrix out) {
    int columns = x.columns();
    float[] all = new float[x.rows() * columns];
    float[] row = new float[columns];
    for (int n = 0; n < x.rows(); n++) {
      masks.fill(n, row, columns);
      System.arraycopy(row, 0, all, n * columns, columns);
    }
    try (CudaMatrix mask = session.matrix(x.rows(), columns)) {
      mask.upload(all);
      rows("mask_rows", x, x, mask, (float) beta, out);
    }
  }

  @Override
  public void exponentials(Matrix x, int[] targets, double[] losses, double[] sums) {
    logits.exponentials(on(x), targets, losses, sums);
  }

  @Override
  public void subtractTargets(Matrix exponentials, int[] targets, double[] sums) {
    session.launch("subtract_targets", Grid.elements(targets.length), exponentials, targets, sums);
  }

  @Override
  public Comparison compare(Matrix model, Matrix reference, double[] weights) {
    return logits.compare(on(model), on(reference), weights);
  }

  @Override
  public void scaleRows(double[] factors, Matrix x) {
    rows("scale_rows", x, factors, x);
  }

  @Override
  public int[] largest(Matrix x) {
    return logits.largest(on(x));
  }

  @Override
  public double[] means(Matrix x) {
    double[] means = logits.perRow("row_sums", on(x));
    for (int n = 0; n < means.length; n++) {
      means[n] /= x.columns();
    }
    return means;
  }

  @Override
  public double[] squaredNorms(Matrix x) {
    return logits.perRow("row_squares", on(x));
  }

  @Override
  public double[] entries(Matrix x, int[] rows, int[] columns) {
    return logits.entries(on(x), rows, columns);
  }

  @Override
  public void setEntries(Matrix x, int[] columns, double[] values) {
    session.launch("set_entries", Grid.elements(x.rows()), x, columns, values);
  }

  @Override
  public void fillRows(double[] values, Matrix x) {
    rows("fill_rows", x, values, x);
  }

  @Override
  public void subtract(Matrix y, Matrix x) {
    rows("subtract_rows", x, y, x);
  }

  @Override
  public Moments moments(Matrix x, int[] rows, int[] columns) {
    return logits.moments(on(x), rows, columns);
  }
}
