package org.lethe.model;

import java.util.Arrays;
import org.lethe.model.Compute.Heads;
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
final class ArrayCompute implements Compute {
  @Override
  public void multiply(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    INDArray left = formA == Form.AS_IS ? a.array() : a.array().transpose();
    INDArray right = formB == Form.AS_IS ? b.array() : b.array().transpose();
    INDArray product = left.mmul(right);
    if (alpha != 1) {
      product.muli(alpha);
    }
    if (beta != 0) {
      product.addi(beta == 1 ? c.array() : c.array().mul(beta));
    }
    c.array().assign(product);
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix out) {
    out.array().assign(Nd4j.pullRows(table.array(), 1, ids));
  }

  @Override
  public void scatterAdd(Matrix in, int[] ids, Matrix table) {
    for (int row = 0; row < ids.length; row++) {
      table.array().getRow(ids[row]).addi(in.array().getRow(row));
    }
  }

  @Override
  public void copy(Matrix from, Matrix to) {
    to.array().assign(from.array());
  }

  @Override
  public void clear(Matrix matrix) {
    matrix.array().assign(0);
  }

  @Override
  public void addRow(Matrix bias, Matrix x) {
    x.array().addiRowVector(bias.array());
  }

  @Override
  public void addColumnSums(Matrix x, Matrix sums) {
    sums.array().addi(x.array().sum(true, 0));
  }

  @Override
  public void normalize(Matrix x, Matrix weight, double epsilon, Matrix inverse, Matrix out) {
    INDArray meanSquare = x.array().mul(x.array()).mean(true, 1).addi(epsilon);
    inverse.array().assign(Transforms.pow(meanSquare, -0.5));
    renormalize(x, weight, inverse, out);
  }

  @Override
  public void renormalize(Matrix x, Matrix weight, Matrix inverse, Matrix out) {
    out.array().assign(x.array().mulColumnVector(inverse.array()).muliRowVector(weight.array()));
  }

  @Override
  public void normalizeBackward(Matrix dOut, Matrix x, Matrix weight, Matrix inverse, Matrix dX) {
    INDArray dY = dOut.array().mulRowVector(weight.array());
    INDArray along = dY.mul(x.array()).mean(true, 1).muli(Transforms.pow(inverse.array(), 3));
    dX.array().addi(dY.muliColumnVector(inverse.array()).subi(x.array().mulColumnVector(along)));
  }

  @Override
  public void normalizeWeightGradient(Matrix dOut, Matrix x, Matrix inverse, Matrix dWeight) {
    dWeight
        .array()
        .addi(dOut.array().mul(x.array()).muliColumnVector(inverse.array()).sum(true, 0));
  }

  @Override
  public void rotate(Matrix x, Rotary rotary, int[] positions, Turn turn) {
    int half = rotary.half();
    int n = positions.length;
    double[] cosines = new double[n * half];
    double[] sines = new double[n * half];
    for (int row = 0; row < n; row++) {
      for (int i = 0; i < half; i++) {
        cosines[row * half + i] = rotary.cosines()[positions[row] * half + i];
        double sine = rotary.sines()[positions[row] * half + i];
        sines[row * half + i] = turn == Turn.FORWARD ? sine : -sine;
      }
    }
    DataType type = x.array().dataType();
    INDArray cosine = Nd4j.createFromArray(cosines).castTo(type).reshape('c', n, half);
    INDArray sine = Nd4j.createFromArray(sines).castTo(type).reshape('c', n, half);
    for (int head = 0; head < x.columns(); head += 2 * half) {
      INDArray low = x.columns(head, half).array();
      INDArray high = x.columns(head + half, half).array();
      INDArray newLow = low.mul(cosine).subi(high.mul(sine));
      INDArray newHigh = high.mul(cosine).addi(low.mul(sine));
      low.assign(newLow);
      high.assign(newHigh);
    }
  }

  @Override
  public void attend(Heads heads, Rows rows, Matrix qkv, Matrix logSums, Matrix out) {
    for (int b = 0; b < rows.batchSize(); b++) {
      Matrix sequence = qkv.rows(rows.starts()[b], rows.length(b));
      Matrix result = out.rows(rows.starts()[b], rows.length(b));
      for (int head = 0; head < heads.query(); head++) {
        INDArray probabilities = probabilities(heads, head, sequence);
        result
            .columns(head * heads.size(), heads.size())
            .array()
            .assign(probabilities.mmul(value(heads, head, sequence).array()));
      }
    }
  }

  /** [T, T], zero above the diagonal. */
  private static INDArray probabilities(Heads heads, int head, Matrix sequence) {
    INDArray query = query(heads, head, sequence).array();
    INDArray key = key(heads, head, sequence).array();
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
      Heads heads, Rows rows, Matrix dOut, Matrix qkv, Matrix logSums, Matrix out, Matrix dQkv) {
    clear(dQkv);
    for (int b = 0; b < rows.batchSize(); b++) {
      int start = rows.starts()[b];
      int length = rows.length(b);
      Matrix sequence = qkv.rows(start, length);
      Matrix gradient = dQkv.rows(start, length);
      for (int head = 0; head < heads.query(); head++) {
        INDArray p = probabilities(heads, head, sequence);
        INDArray d = dOut.rows(start, length).columns(head * heads.size(), heads.size()).array();
        INDArray dP = d.mmul(value(heads, head, sequence).array().transpose());
        INDArray mean = dP.mul(p).sum(true, 1);
        INDArray dS = dP.subColumnVector(mean).muli(p).muli(heads.scale());
        value(heads, head, gradient).array().addi(p.transpose().mmul(d));
        query(heads, head, gradient).array().assign(dS.mmul(key(heads, head, sequence).array()));
        key(heads, head, gradient)
            .array()
            .addi(dS.transpose().mmul(query(heads, head, sequence).array()));
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
        INDArray key = past.columns(column, heads.size()).array();
        INDArray value = past.columns(heads.keyValueSize() + column, heads.size()).array();
        INDArray query = query(heads, head, qkv.rows(n, 1)).array();
        INDArray p = softmax(query.mmul(key.transpose()).muli(heads.scale()));
        out.rows(n, 1).columns(head * heads.size(), heads.size()).array().assign(p.mmul(value));
      }
    }
  }

  @Override
  public void gate(Matrix gateUp, Matrix out) {
    int width = out.columns();
    INDArray gate = gateUp.columns(0, width).array();
    INDArray up = gateUp.columns(width, width).array();
    out.array().assign(sigmoid(gate).muli(gate).muli(up));
  }

  private static INDArray sigmoid(INDArray x) {
    return Transforms.exp(x.neg(), false).addi(1).rdivi(1);
  }

  @Override
  public void gateBackward(Matrix dOut, Matrix gateUp, Matrix activated) {
    int width = dOut.columns();
    INDArray gate = gateUp.columns(0, width).array();
    INDArray up = gateUp.columns(width, width).array();
    INDArray sigmoid = sigmoid(gate);
    INDArray silu = sigmoid.mul(gate);
    activated.array().assign(silu.mul(up));
    INDArray slope = sigmoid.rsub(1).muli(silu).addi(sigmoid);
    gate.assign(slope.muli(up).muli(dOut.array()));
    up.assign(silu.muli(dOut.array()));
  }

  @Override
  public void mask(Matrix x, MaskSource masks, double beta, Matrix out) {
    float[][] all = new float[x.rows()][x.columns()];
    for (int row = 0; row < all.length; row++) {
      masks.fill(row, all[row], x.columns());
    }
    INDArray product = Nd4j.createFromArray(all).castTo(x.array().dataType()).muli(x.array());
    if (beta != 0) {
      product.addi(out.array().mul(beta));
    }
    out.array().assign(product);
  }

  @Override
  public void exponentials(Matrix logits, int[] targets, double[] losses, double[] sums) {
    INDArray x = logits.array();
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
    exponentials.array().subi(oneHot(exponentials.array(), targets, sums));
  }

  @Override
  public Comparison compare(Matrix logits, Matrix reference, double[] weights) {
    INDArray p = softmax(reference.array());
    INDArray logModel = logSoftmax(logits.array());
    INDArray logReference = logSoftmax(reference.array());
    INDArray terms = p.mul(logReference.sub(logModel));
    // 0 log 0 = 0.
    BooleanIndexing.replaceWhere(terms, 0.0, Conditions.isNan());
    INDArray crossTerms = p.mul(logModel);
    logits.array().assign(Transforms.exp(logModel, false).subi(p));
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
        Nd4j.createFromArray(factors).castTo(x.array().dataType()).reshape('c', factors.length, 1);
    x.array().muliColumnVector(column);
  }

  @Override
  public int[] largest(Matrix x) {
    return x.array().get(NDArrayIndex.all(), NDArrayIndex.all()).argMax(1).toIntVector();
  }
}
