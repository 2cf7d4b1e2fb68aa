package org.lethe.compute.array;

import java.util.stream.IntStream;
import org.lethe.compute.Compute.Comparison;
import org.lethe.compute.Compute.Moments;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Losses of logits, [n, V]. A chunk of logits is large. Arrays of its size are therefore
 * overwritten in place or closed here, and only arrays of one column come from the workspace.
 */
final class ArrayLogits {
  private ArrayLogits() {}

  static void exponentials(INDArray x, int[] targets, double[] losses, double[] sums) {
    double[] target;
    double[] sum;
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      x.subi(x.max(true, 1));
      target = entries(x, rows(targets.length), targets);
      Transforms.exp(x, false);
      sum = x.sum(1).toDoubleVector();
    }
    for (int row = 0; row < targets.length; row++) {
      sums[row] = sum[row];
      losses[row] = Math.log(sum[row]) - target[row];
    }
  }

  private static int[] rows(int count) {
    return IntStream.range(0, count).toArray();
  }

  static double[] entries(INDArray x, int[] rows, int[] columns) {
    if (rows.length == 0) {
      return new double[0];
    }
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray entries = Nd4j.createUninitialized(x.dataType(), rows.length);
      Nd4j.exec(
          DynamicCustomOp.builder("gather_nd")
              .addInputs(x, places(rows, columns))
              .addOutputs(entries)
              .build());
      return entries.toDoubleVector();
    }
  }

  /** Row and column of each entry, [n, 2]. */
  private static INDArray places(int[] rows, int[] columns) {
    int[][] places = new int[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      places[i] = new int[] {rows[i], columns[i]};
    }
    return Nd4j.createFromArray(places);
  }

  /** x[n, columns[n]] -= values[n]. */
  static void subtractEntries(INDArray x, int[] columns, double[] values) {
    scatter("scatter_nd_sub", x, columns, values);
  }

  /** x[n, columns[n]] = values[n]. */
  static void setEntries(INDArray x, int[] columns, double[] values) {
    scatter("scatter_nd_update", x, columns, values);
  }

  private static void scatter(String operation, INDArray x, int[] columns, double[] values) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      Nd4j.exec(
          DynamicCustomOp.builder(operation)
              .addInputs(
                  x,
                  places(rows(columns.length), columns),
                  Nd4j.createFromArray(values).castTo(x.dataType()))
              .addBooleanArguments(true) // One thread at a time.
              .callInplace(true)
              .build());
    }
  }

  static Comparison compare(INDArray logits, INDArray reference, double[] weights) {
    INDArray p = Nd4j.createUninitializedDetached(reference.dataType(), reference.shape());
    try (p;
        MemoryWorkspace temporaries = Temporaries.open()) {
      logSoftmax(logits, p);
      logSoftmax(reference, p);
      p.assign(reference);
      Transforms.exp(p, false);
      double[] crossEntropies = ArrayProducts.rowProducts(p, logits).toDoubleVector();
      reference.subi(logits).muli(p);
      // 0 log 0 = 0.
      BooleanIndexing.replaceWhere(reference, 0.0, Conditions.isNan());
      double[] divergences = reference.sum(1).toDoubleVector();
      Transforms.exp(logits, false);
      logits.subi(p).muli(column(weights, logits));
      for (int row = 0; row < crossEntropies.length; row++) {
        crossEntropies[row] = -crossEntropies[row];
      }
      return new Comparison(divergences, crossEntropies);
    }
  }

  /** Replaces logits by their log-softmax. */
  private static void logSoftmax(INDArray logits, INDArray scratch) {
    logits.subi(logits.max(true, 1));
    scratch.assign(logits);
    Transforms.exp(scratch, false);
    logits.subi(Transforms.log(scratch.sum(true, 1), false));
  }

  /** A column with one value for each row of x. */
  static INDArray column(double[] values, INDArray x) {
    return Nd4j.createFromArray(values).castTo(x.dataType()).reshape('c', values.length, 1);
  }

  static Moments moments(INDArray logits, int[] rows, int[] columns) {
    INDArray x = logits.subColumnVector(logits.max(true, 1)); // [n, V]
    INDArray p = Transforms.exp(x, true); // [n, V], not yet divided by its sum
    double[] sums = p.sum(1).toDoubleVector();
    p.muli(x);
    double[] firsts = p.sum(1).toDoubleVector();
    p.muli(x);
    double[] seconds = p.sum(1).toDoubleVector();
    double[] shifted = entries(x, rows, columns);
    p.close();
    x.close();
    return new Moments(sums, firsts, seconds, largest(logits), shifted);
  }

  static int[] largest(INDArray x) {
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      return x.argMax(1).toIntVector();
    }
  }
}
