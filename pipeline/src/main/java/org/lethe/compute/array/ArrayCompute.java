package org.lethe.compute.array;

import java.util.Arrays;
import org.lethe.compute.Compute;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.compute.RotaryTables;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The arithmetic in ND4J operations alone: DOUBLE for exact checks, and devices that the heap
 * cannot reach. Plain rather than fast; temporaries come from the workspace that the decoder opens
 * around a step.
 */
public final class ArrayCompute implements Compute {
  private static INDArray array(Matrix matrix) {
    if (matrix instanceof ArrayMatrix own) {
      return own.array();
    }
    throw new IllegalArgumentException("Invalid matrix: " + matrix + " is of another backend");
  }

  @Override
  public void multiply(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    INDArray left = formA == Form.AS_IS ? array(a) : array(a).transpose();
    INDArray right = formB == Form.AS_IS ? array(b) : array(b).transpose();
    INDArray product = left.mmul(right);
    if (alpha != 1) {
      product.muli(alpha);
    }
    if (beta != 0) {
      product.addi(beta == 1 ? array(c) : array(c).mul(beta));
    }
    array(c).assign(product);
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix out) {
    array(out).assign(Nd4j.pullRows(array(table), 1, ids));
  }

  @Override
  public void scatterAdd(Matrix in, int[] ids, Matrix table) {
    for (int row = 0; row < ids.length; row++) {
      array(table).getRow(ids[row]).addi(array(in).getRow(row));
    }
  }

  @Override
  public void copy(Matrix from, Matrix to) {
    array(to).assign(array(from));
  }

  @Override
  public void clear(Matrix matrix) {
    array(matrix).assign(0);
  }

  @Override
  public void addRow(Matrix bias, Matrix x) {
    array(x).addiRowVector(array(bias));
  }

  @Override
  public void addColumnSums(Matrix x, Matrix sums) {
    array(sums).addi(array(x).sum(true, 0));
  }

  @Override
  public void normalize(Matrix x, Matrix weight, double epsilon, Matrix inverse, Matrix out) {
    INDArray meanSquare = array(x).mul(array(x)).mean(true, 1).addi(epsilon);
    array(inverse).assign(Transforms.pow(meanSquare, -0.5));
    renormalize(x, weight, inverse, out);
  }

  @Override
  public void renormalize(Matrix x, Matrix weight, Matrix inverse, Matrix out) {
    array(out).assign(array(x).mulColumnVector(array(inverse)).muliRowVector(array(weight)));
  }

  @Override
  public void normalizeBackward(Matrix dOut, Matrix x, Matrix weight, Matrix inverse, Matrix dX) {
    INDArray dY = array(dOut).mulRowVector(array(weight));
    INDArray along = dY.mul(array(x)).mean(true, 1).muli(Transforms.pow(array(inverse), 3));
    array(dX).addi(dY.muliColumnVector(array(inverse)).subi(array(x).mulColumnVector(along)));
  }

  @Override
  public void normalizeWeightGradient(Matrix dOut, Matrix x, Matrix inverse, Matrix dWeight) {
    array(dWeight).addi(array(dOut).mul(array(x)).muliColumnVector(array(inverse)).sum(true, 0));
  }

  @Override
  public void rotate(Matrix x, RotaryTables tables, int[] positions, Turn turn) {
    int half = tables.half();
    int n = positions.length;
    double[] cosines = new double[n * half];
    double[] sines = new double[n * half];
    for (int row = 0; row < n; row++) {
      for (int i = 0; i < half; i++) {
        cosines[row * half + i] = tables.cosines()[positions[row] * half + i];
        double sine = tables.sines()[positions[row] * half + i];
        sines[row * half + i] = turn == Turn.FORWARD ? sine : -sine;
      }
    }
    DataType type = array(x).dataType();
    INDArray cosine = Nd4j.createFromArray(cosines).castTo(type).reshape('c', n, half);
    INDArray sine = Nd4j.createFromArray(sines).castTo(type).reshape('c', n, half);
    for (int head = 0; head < x.columns(); head += 2 * half) {
      INDArray low = array(x.columns(head, half));
      INDArray high = array(x.columns(head + half, half));
      INDArray newLow = low.mul(cosine).subi(high.mul(sine));
      INDArray newHigh = high.mul(cosine).addi(low.mul(sine));
      low.assign(newLow);
      high.assign(newHigh);
    }
  }

  @Override
  public void attend(Heads heads, int[] starts, Matrix qkv, Matrix logSums, Matrix out) {
    for (int b = 0; b < starts.length - 1; b++) {
      Matrix sequence = qkv.rows(starts[b], starts[b + 1] - starts[b]);
      Matrix result = out.rows(starts[b], starts[b + 1] - starts[b]);
      for (int head = 0; head < heads.query(); head++) {
        INDArray probabilities = probabilities(heads, head, sequence);
        array(result.columns(head * heads.size(), heads.size()))
            .assign(probabilities.mmul(array(value(heads, head, sequence))));
      }
    }
  }

  /** [T, T], zero above the diagonal. */
  private static INDArray probabilities(Heads heads, int head, Matrix sequence) {
    INDArray query = array(query(heads, head, sequence));
    INDArray key = array(key(heads, head, sequence));
    INDArray scores = query.mmul(key.transpose()).muli(heads.scale());
    scores.addi(hidden(sequence.rows(), scores.dataType()));
    return softmax(scores);
  }

  private static INDArray hidden(int length, DataType type) {
    double[][] hidden = new double[length][length];
    for (int t = 0; t < length; t++) {
      Arrays.fill(hidden[t], t + 1, length, -1e30);
    }
    return Nd4j.createFromArray(hidden).castTo(type);
  }

  private static INDArray softmax(INDArray scores) {
    INDArray exponentials = Transforms.exp(scores.subColumnVector(scores.max(true, 1)), false);
    return exponentials.diviColumnVector(exponentials.sum(true, 1));
  }

  private static Matrix query(Heads heads, int head, Matrix qkv) {
    return qkv.columns(head * heads.size(), heads.size());
  }

  private static Matrix key(Heads heads, int head, Matrix qkv) {
    return qkv.columns(heads.querySize() + head / heads.group() * heads.size(), heads.size());
  }

  private static Matrix value(Heads heads, int head, Matrix qkv) {
    return qkv.columns(
        heads.querySize() + heads.keyValueSize() + head / heads.group() * heads.size(),
        heads.size());
  }

  @Override
  public void attendBackward(
      Heads heads, int[] starts, Matrix dOut, Matrix qkv, Matrix logSums, Matrix out, Matrix dQkv) {
    clear(dQkv);
    for (int b = 0; b < starts.length - 1; b++) {
      int start = starts[b];
      int length = starts[b + 1] - start;
      Matrix sequence = qkv.rows(start, length);
      Matrix gradient = dQkv.rows(start, length);
      for (int head = 0; head < heads.query(); head++) {
        INDArray p = probabilities(heads, head, sequence);
        INDArray d = array(dOut.rows(start, length).columns(head * heads.size(), heads.size()));
        INDArray dP = d.mmul(array(value(heads, head, sequence)).transpose());
        INDArray mean = dP.mul(p).sum(true, 1);
        INDArray dS = dP.subColumnVector(mean).muli(p).muli(heads.scale());
        array(value(heads, head, gradient)).addi(p.transpose().mmul(d));
        array(query(heads, head, gradient)).assign(dS.mmul(array(key(heads, head, sequence))));
        array(key(heads, head, gradient))
            .addi(dS.transpose().mmul(array(query(heads, head, sequence))));
      }
    }
  }

  @Override
  public void attendCached(
      Heads heads, Matrix qkv, Matrix cache, int capacity, int[] slots, int[] lengths, Matrix out) {
    for (int n = 0; n < slots.length; n++) {
      Matrix past = cache.rows(slots[n] * capacity, lengths[n]);
      for (int head = 0; head < heads.query(); head++) {
        int column = head / heads.group() * heads.size();
        INDArray key = array(past.columns(column, heads.size()));
        INDArray value = array(past.columns(heads.keyValueSize() + column, heads.size()));
        INDArray query = array(query(heads, head, qkv.rows(n, 1)));
        INDArray p = softmax(query.mmul(key.transpose()).muli(heads.scale()));
        array(out.rows(n, 1).columns(head * heads.size(), heads.size())).assign(p.mmul(value));
      }
    }
  }

  @Override
  public void gate(Matrix gateUp, Matrix out) {
    int width = out.columns();
    INDArray gate = array(gateUp.columns(0, width));
    INDArray up = array(gateUp.columns(width, width));
    array(out).assign(sigmoid(gate).muli(gate).muli(up));
  }

  private static INDArray sigmoid(INDArray x) {
    return Transforms.exp(x.neg(), false).addi(1).rdivi(1);
  }

  @Override
  public void gateBackward(Matrix dOut, Matrix gateUp, Matrix activated) {
    int width = dOut.columns();
    INDArray gate = array(gateUp.columns(0, width));
    INDArray up = array(gateUp.columns(width, width));
    INDArray sigmoid = sigmoid(gate);
    INDArray silu = sigmoid.mul(gate);
    array(activated).assign(silu.mul(up));
    INDArray slope = sigmoid.rsub(1).muli(silu).addi(sigmoid);
    gate.assign(slope.muli(up).muli(array(dOut)));
    up.assign(silu.muli(array(dOut)));
  }

  @Override
  public void mask(Matrix x, MaskSource masks, double beta, Matrix out) {
    float[][] all = new float[x.rows()][x.columns()];
    for (int row = 0; row < all.length; row++) {
      masks.fill(row, all[row], x.columns());
    }
    INDArray product = Nd4j.createFromArray(all).castTo(array(x).dataType()).muli(array(x));
    if (beta != 0) {
      product.addi(array(out).mul(beta));
    }
    array(out).assign(product);
  }

  @Override
  public void exponentials(Matrix logits, int[] targets, double[] losses, double[] sums) {
    INDArray x = array(logits);
    x.subiColumnVector(x.max(true, 1));
    double[] target = entries(x, targets);
    Transforms.exp(x, false);
    double[] sum = x.sum(1).toDoubleVector();
    for (int row = 0; row < targets.length; row++) {
      sums[row] = sum[row];
      losses[row] = Math.log(sum[row]) - target[row];
    }
  }

  private static double[] entries(INDArray x, int[] columns) {
    return x.mul(oneHot(x, columns, ones(columns.length))).sum(1).toDoubleVector();
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static INDArray oneHot(INDArray like, int[] columns, double[] values) {
    double[] all = new double[Math.toIntExact(like.length())];
    int width = like.columns();
    for (int row = 0; row < columns.length; row++) {
      all[row * width + columns[row]] = values[row];
    }
    return Nd4j.createFromArray(all).castTo(like.dataType()).reshape('c', like.shape());
  }

  @Override
  public void subtractTargets(Matrix exponentials, int[] targets, double[] sums) {
    array(exponentials).subi(oneHot(array(exponentials), targets, sums));
  }

  @Override
  public Comparison compare(Matrix logits, Matrix reference, double[] weights) {
    INDArray p = softmax(array(reference));
    INDArray logModel = logSoftmax(array(logits));
    INDArray logReference = logSoftmax(array(reference));
    INDArray terms = p.mul(logReference.sub(logModel));
    // 0 log 0 = 0.
    BooleanIndexing.replaceWhere(terms, 0.0, Conditions.isNan());
    INDArray crossTerms = p.mul(logModel);
    array(logits).assign(Transforms.exp(logModel, false).subi(p));
    scaleRows(weights, logits);
    return new Comparison(terms.sum(1).toDoubleVector(), crossTerms.sum(1).negi().toDoubleVector());
  }

  private static INDArray logSoftmax(INDArray logits) {
    INDArray shifted = logits.subColumnVector(logits.max(true, 1));
    INDArray logSum = Transforms.log(Transforms.exp(shifted, true).sum(true, 1), false);
    return shifted.subiColumnVector(logSum);
  }

  @Override
  public void scaleRows(double[] factors, Matrix x) {
    INDArray column =
        Nd4j.createFromArray(factors).castTo(array(x).dataType()).reshape('c', factors.length, 1);
    array(x).muliColumnVector(column);
  }

  @Override
  public int[] largest(Matrix x) {
    return array(x).get(NDArrayIndex.all(), NDArrayIndex.all()).argMax(1).toIntVector();
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
    return entries(array(x), rows, columns);
  }

  private static double[] entries(INDArray x, int[] rows, int[] columns) {
    double[] entries = new double[rows.length];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = x.getDouble(rows[i], columns[i]);
    }
    return entries;
  }

  @Override
  public void setEntries(Matrix x, int[] columns, double[] values) {
    for (int row = 0; row < columns.length; row++) {
      array(x).putScalar(row, columns[row], values[row]);
    }
  }

  @Override
  public void fillRows(double[] values, Matrix x) {
    for (int row = 0; row < values.length; row++) {
      array(x).getRow(row).assign(values[row]);
    }
  }

  @Override
  public void subtract(Matrix y, Matrix x) {
    if (y.rows() == 1) {
      array(x).subiRowVector(array(y));
    } else {
      array(x).subi(array(y));
    }
  }

  @Override
  public Moments moments(Matrix logits, int[] rows, int[] columns) {
    INDArray x = array(logits).subColumnVector(array(logits).max(true, 1)); // [n, V]
    INDArray p = Transforms.exp(x, true); // [n, V], not yet divided by its sum
    double[] sums = p.sum(1).toDoubleVector();
    p.muli(x);
    double[] firsts = p.sum(1).toDoubleVector();
    p.muli(x);
    double[] seconds = p.sum(1).toDoubleVector();
    double[] shifted = entries(x, rows, columns);
    p.close();
    x.close();
    return new Moments(sums, firsts, seconds, shifted);
  }
}
