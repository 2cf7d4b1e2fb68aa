package org.lethe.compute.array;

import org.lethe.compute.Activation;
import org.lethe.compute.Compute;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.compute.RotaryTables;
import org.lethe.compute.array.ArrayProducts.Operands;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.floating.SquaredNorm;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The arithmetic in ND4J operations only. It serves DOUBLE, for exact checks, and devices that the
 * heap cannot reach.
 *
 * <p>Operations write into the given windows where ND4J allows it. Temporary arrays come from the
 * workspace of {@link Temporaries}. A window that is not contiguous and that several operations
 * read is copied first, because ND4J's loops over such windows are 2 to 5 times slower.
 */
public final class ArrayCompute implements Compute {
  private final ArrayAttention attention = new ArrayAttention();
  private final ArrayRotation rotation = new ArrayRotation();

  private static ArrayMatrix own(Matrix matrix) {
    if (matrix instanceof ArrayMatrix own) {
      return own;
    }
    throw new IllegalArgumentException("Invalid matrix: " + matrix + " is of another backend");
  }

  private static INDArray array(Matrix matrix) {
    return own(matrix).array();
  }

  @Override
  public void multiply(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    Operands operands = Operands.of(formA == Form.TRANSPOSED, formB == Form.TRANSPOSED);
    ArrayProducts.multiply(operands, array(a), array(b), alpha, beta, array(c));
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix out) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      Nd4j.exec(
          DynamicCustomOp.builder("gather")
              .addInputs(array(table), Nd4j.createFromArray(ids))
              .addOutputs(array(out))
              .addIntegerArguments(0)
              .build());
    }
  }

  @Override
  public void scatterAdd(Matrix in, int[] ids, Matrix table) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      Nd4j.exec(
          DynamicCustomOp.builder("scatter_add")
              .addInputs(array(table), Nd4j.createFromArray(ids), array(in))
              // One thread, so that rows with the same id are added in order.
              .addBooleanArguments(true)
              .callInplace(true)
              .build());
    }
  }

  @Override
  public void copy(Matrix from, Matrix to) {
    array(to).assign(array(from));
  }

  @Override
  public void add(Matrix x, Matrix sum) {
    array(sum).addi(array(x));
  }

  @Override
  public void center(Matrix x, Matrix out) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray means = array(x).mean(true, 1);
      if (x != out) {
        array(out).assign(array(x));
      }
      array(out).subi(means);
    }
  }

  @Override
  public void clear(Matrix matrix) {
    array(matrix).assign(0);
  }

  @Override
  public void addRow(Matrix bias, Matrix x) {
    array(x).addi(array(bias));
  }

  @Override
  public void addColumnSums(Matrix x, Matrix sums) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      array(sums).addi(array(x).sum(true, 0));
    }
  }

  @Override
  public void normalize(Matrix x, Matrix weight, double epsilon, Matrix inverse, Matrix out) {
    if (inverse.columns() > 1) {
      forEachGroup(
          inverse,
          weight,
          (columns, factor) -> normalize(columns.of(x), weight, epsilon, factor, columns.of(out)));
      return;
    }
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray squares = array(inverse);
      INDArray sums = Nd4j.exec(new SquaredNorm(array(x), true, 1));
      squares.assign(sums.reshape(squares.shape())).divi(x.columns()).addi(epsilon);
      Transforms.sqrt(squares, false);
      squares.rdivi(1);
    }
    renormalize(x, weight, inverse, out);
  }

  @Override
  public void renormalize(Matrix x, Matrix weight, Matrix inverse, Matrix out) {
    if (inverse.columns() > 1) {
      forEachGroup(
          inverse,
          weight,
          (columns, factor) -> renormalize(columns.of(x), weight, factor, columns.of(out)));
      return;
    }
    array(x).mul(array(inverse), array(out)).muli(array(weight));
  }

  @Override
  public void normalizeBackward(Matrix dOut, Matrix x, Matrix weight, Matrix inverse, Matrix dX) {
    if (inverse.columns() > 1) {
      forEachGroup(
          inverse,
          weight,
          (columns, factor) ->
              normalizeBackward(columns.of(dOut), columns.of(x), weight, factor, columns.of(dX)));
      return;
    }
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray dY = like(x);
      array(dOut).mul(array(weight), dY);
      INDArray factor = array(inverse);
      INDArray along = ArrayProducts.rowProducts(dY, array(x));
      along.divi(x.columns()).muli(factor).muli(factor).muli(factor);
      array(dX).addi(dY.muli(factor));
      array(dX).subi(array(x).mul(along, dY));
    }
  }

  /**
   * Columns of one group.
   *
   * @param first first column
   * @param count number of columns
   */
  private record Group(int first, int count) {
    Matrix of(Matrix x) {
      return x.columns(first, count);
    }
  }

  /** Work on one group of columns that has its own norm. */
  private interface GroupWork {
    void run(Group columns, Matrix inverse);
  }

  private static void forEachGroup(Matrix inverse, Matrix weight, GroupWork work) {
    int size = weight.columns();
    for (int group = 0; group < inverse.columns(); group++) {
      work.run(new Group(group * size, size), inverse.columns(group, 1));
    }
  }

  private static INDArray like(Matrix x) {
    return Nd4j.createUninitialized(x.type(), x.rows(), x.columns());
  }

  @Override
  public void normalizeWeightGradient(Matrix dOut, Matrix x, Matrix inverse, Matrix dWeight) {
    if (inverse.columns() > 1) {
      forEachGroup(
          inverse,
          dWeight,
          (columns, factor) ->
              normalizeWeightGradient(columns.of(dOut), columns.of(x), factor, dWeight));
      return;
    }
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray products = like(x);
      array(dOut).mul(array(x), products).muli(array(inverse));
      array(dWeight).addi(products.sum(true, 0));
    }
  }

  @Override
  public void rotate(Matrix x, int headSize, RotaryTables tables, int[] positions, Turn turn) {
    rotation.rotate(own(x), headSize, tables, positions, turn);
  }

  @Override
  public void attend(Heads heads, int[] starts, Matrix qkv, Matrix logSums, Matrix out) {
    attention.forward(heads, starts, own(qkv), own(out));
  }

  @Override
  public void attendBackward(
      Heads heads, int[] starts, Matrix dOut, Matrix qkv, Matrix logSums, Matrix out, Matrix dQkv) {
    attention.backward(heads, starts, own(dOut), own(qkv), own(dQkv));
  }

  @Override
  public void attendCached(
      Heads heads, Matrix qkv, Matrix cache, int capacity, int[] slots, int[] lengths, Matrix out) {
    attention.cached(heads, own(qkv), own(cache), capacity, slots, lengths, own(out));
  }

  @Override
  public void gate(Activation f, Matrix gateUp, Matrix out) {
    int width = out.columns();
    if (f != Activation.SILU) {
      try (MemoryWorkspace temporaries = Temporaries.open()) {
        INDArray gate = like(out).assign(array(gateUp.columns(0, width)));
        INDArray result = ArrayActivation.values(f, gate);
        array(out).assign(result.muli(array(gateUp.columns(width, width))));
      }
      return;
    }
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray part = like(out).assign(array(gateUp.columns(0, width)));
      INDArray result = array(out).assign(part);
      Transforms.sigmoid(result, false);
      result.muli(part);
      result.muli(part.assign(array(gateUp.columns(width, width))));
    }
  }

  @Override
  public void gateBackward(Activation f, Matrix dOut, Matrix gateUp, Matrix activated) {
    int width = dOut.columns();
    INDArray gate = array(gateUp.columns(0, width));
    INDArray up = array(gateUp.columns(width, width));
    if (f != Activation.SILU) {
      try (MemoryWorkspace temporaries = Temporaries.open()) {
        INDArray x = like(dOut).assign(gate);
        INDArray value = ArrayActivation.values(f, x);
        INDArray slope = ArrayActivation.slopes(f, x);
        array(activated).assign(value).muli(up);
        gate.assign(slope.muli(up).muli(array(dOut)));
        up.assign(value.muli(array(dOut)));
      }
      return;
    }
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray silu = like(dOut).assign(gate);
      INDArray factor = like(dOut).assign(up);
      INDArray sigmoid = like(dOut).assign(silu);
      Transforms.sigmoid(sigmoid, false);
      silu.muli(sigmoid);
      silu.mul(factor, array(activated));
      // sigmoid + silu (1 - sigmoid)
      INDArray slope = sigmoid.mul(silu, like(dOut)).rsubi(silu).addi(sigmoid);
      gate.assign(slope.muli(factor).muli(array(dOut)));
      up.assign(silu.muli(array(dOut)));
    }
  }

  @Override
  public void activate(Activation f, Matrix x, Matrix out) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      array(out).assign(ArrayActivation.values(f, array(x)));
    }
  }

  @Override
  public void activateBackward(Activation f, Matrix dOut, Matrix x, Matrix activated) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray slope = ArrayActivation.slopes(f, array(x));
      array(activated).assign(ArrayActivation.values(f, array(x)));
      array(x).assign(slope.muli(array(dOut)));
    }
  }

  @Override
  public void softCap(double cap, Matrix x) {
    array(x).divi(cap);
    Transforms.tanh(array(x), false);
    array(x).muli(cap);
  }

  @Override
  public void softCapBackward(double cap, Matrix capped, Matrix gradient) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray share = like(capped).assign(array(capped)).divi(cap);
      array(gradient).muli(share.muli(share).rsubi(1));
    }
  }

  @Override
  public void mask(Matrix x, MaskSource masks, double beta, Matrix out) {
    int columns = x.columns();
    float[] all = new float[x.rows() * columns];
    float[] mask = new float[columns];
    for (int row = 0; row < x.rows(); row++) {
      masks.fill(row, mask, columns);
      System.arraycopy(mask, 0, all, row * columns, columns);
    }
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray product = like(x);
      HostCopies.write(all, 0, product);
      product.muli(array(x));
      if (beta != 0) {
        array(out).muli(beta).addi(product);
      } else {
        array(out).assign(product);
      }
    }
  }

  @Override
  public void exponentials(Matrix logits, int[] targets, double[] losses, double[] sums) {
    ArrayLogits.exponentials(array(logits), targets, losses, sums);
  }

  @Override
  public void subtractTargets(Matrix exponentials, int[] targets, double[] sums) {
    ArrayLogits.subtractEntries(array(exponentials), targets, sums);
  }

  @Override
  public Comparison compare(Matrix logits, Matrix reference, double[] weights) {
    return ArrayLogits.compare(array(logits), array(reference), weights);
  }

  @Override
  public void scaleRows(double[] factors, Matrix x) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      array(x).muli(ArrayLogits.column(factors, array(x)));
    }
  }

  @Override
  public int[] largest(Matrix x) {
    return ArrayLogits.largest(array(x));
  }

  @Override
  public double[] means(Matrix x) {
    try (INDArray means = array(x).mean(1)) {
      return means.toDoubleVector();
    }
  }

  @Override
  public double[] squaredNorms(Matrix x) {
    try (INDArray squares = array(x).mul(array(x));
        INDArray sums = squares.sum(1)) {
      return sums.toDoubleVector();
    }
  }

  @Override
  public double[] entries(Matrix x, int[] rows, int[] columns) {
    return ArrayLogits.entries(array(x), rows, columns);
  }

  @Override
  public void setEntries(Matrix x, int[] columns, double[] values) {
    ArrayLogits.setEntries(array(x), columns, values);
  }

  @Override
  public void fillRows(double[] values, Matrix x) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      array(x).assign(0).addi(ArrayLogits.column(values, array(x)));
    }
  }

  @Override
  public void subtract(Matrix y, Matrix x) {
    array(x).subi(array(y));
  }

  @Override
  public Moments moments(Matrix logits, int[] rows, int[] columns) {
    return ArrayLogits.moments(array(logits), rows, columns);
  }
}
