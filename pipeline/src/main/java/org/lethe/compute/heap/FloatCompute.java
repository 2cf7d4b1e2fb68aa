package org.lethe.compute.heap;

import java.util.Optional;
import org.lethe.compute.Activation;
import org.lethe.compute.Compute;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.compute.RotaryTables;
import org.lethe.compute.array.ArrayCompute;

/**
 * FLOAT on the CPU. Products go to the BLAS that the ND4J backend loaded, cut into pieces that run
 * in parallel on the decoder's own threads. Everything else is loops over heap copies of a few
 * rows, which the compiler vectorises. An ND4J operation costs 5 to 10 microseconds and a pass over
 * memory, and its thread pool keeps spinning on cores that these loops need. Only operations that
 * the common losses do not use go to ND4J.
 *
 * <p>Work is cut by shape only, so results do not depend on the number of threads.
 */
final class FloatCompute implements Compute {
  private final FloatElements elements;
  private final HalfRows halves;
  private final FloatGate gates;
  private final FloatCap caps;
  private final FloatProducts products;
  private final Optional<BfloatProducts> rounding;
  private final FloatNorm norm;
  private final FloatAttention attention;
  private final CachedAttention cached;
  private final FloatLogits logits;
  private final ArrayCompute rare = new ArrayCompute();

  /**
   * Arithmetic for one decoder.
   *
   * @param bfloat for products of factors rounded to BFLOAT16, or empty for FLOAT factors
   */
  FloatCompute(int threads, Optional<OneDnn> bfloat) {
    Workers workers = new Workers(threads);
    FloatRows rows = new FloatRows(workers, threads);
    elements = new FloatElements(rows);
    halves = new HalfRows(rows);
    gates = new FloatGate(rows);
    caps = new FloatCap(rows);
    products = new FloatProducts(workers);
    rounding = bfloat.map(library -> new BfloatProducts(workers, library, products));
    norm = new FloatNorm(workers, rows);
    attention = new FloatAttention(workers);
    cached = new CachedAttention(workers);
    logits = new FloatLogits(workers);
  }

  private static HeapMatrix own(Matrix matrix) {
    if (matrix instanceof HeapMatrix own) {
      return own;
    }
    throw new IllegalArgumentException("Invalid matrix: " + matrix + " is of another backend");
  }

  /** A matrix of this backend that may be in 16 bits. */
  private static Matrix readable(Matrix matrix) {
    return matrix instanceof HalfMatrix ? matrix : own(matrix);
  }

  @Override
  public void multiply(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    if (rounding.isPresent()) {
      rounding.get().multiply(formA, own(a), formB, readable(b), alpha, beta, own(c));
    } else {
      multiplyPrecisely(formA, a, formB, b, alpha, beta, c);
    }
  }

  @Override
  public void multiplyPrecisely(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    products.multiply(formA, own(a), formB, readable(b), alpha, beta, own(c));
  }

  @Override
  public Hold holdWeights() {
    return rounding.map(BfloatProducts::holdWeights).orElseGet(products::holdWeights);
  }

  @Override
  public Hold holdFactor(Matrix factor) {
    return rounding
        .map(products -> products.holdFactor(own(factor)))
        .orElseGet(() -> Compute.super.holdFactor(factor));
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix out) {
    if (table instanceof HalfMatrix half) {
      halves.gather(half, ids, own(out));
    } else {
      elements.gather(own(table), ids, own(out));
    }
  }

  @Override
  public void scatterAdd(Matrix in, int[] ids, Matrix table) {
    elements.scatterAdd(own(in), ids, own(table));
  }

  @Override
  public void copy(Matrix from, Matrix to) {
    if (from instanceof HalfMatrix half) {
      halves.copy(half, own(to));
    } else {
      elements.copy(own(from), own(to));
    }
  }

  @Override
  public void add(Matrix x, Matrix sum) {
    elements.add(own(x), own(sum));
  }

  @Override
  public void center(Matrix x, Matrix out) {
    norm.center(own(x), own(out));
  }

  @Override
  public void clear(Matrix matrix) {
    elements.clear(own(matrix));
  }

  @Override
  public void addRow(Matrix bias, Matrix x) {
    elements.addRow(own(bias), own(x));
  }

  @Override
  public void addColumnSums(Matrix x, Matrix sums) {
    elements.addColumnSums(own(x), own(sums));
  }

  @Override
  public void normalize(Matrix x, Matrix weight, double epsilon, Matrix inverse, Matrix out) {
    norm.normalize(own(x), own(weight), epsilon, own(inverse), own(out));
  }

  @Override
  public void renormalize(Matrix x, Matrix weight, Matrix inverse, Matrix out) {
    norm.renormalize(own(x), own(weight), own(inverse), own(out));
  }

  @Override
  public void normalizeBackward(Matrix dOut, Matrix x, Matrix weight, Matrix inverse, Matrix dX) {
    norm.normalizeBackward(own(dOut), own(x), own(weight), own(inverse), own(dX));
  }

  @Override
  public void normalizeWeightGradient(Matrix dOut, Matrix x, Matrix inverse, Matrix dWeight) {
    norm.normalizeWeightGradient(own(dOut), own(x), own(inverse), own(dWeight));
  }

  @Override
  public void rotate(Matrix x, int headSize, RotaryTables tables, int[] positions, Turn turn) {
    elements.rotate(own(x), headSize, tables, positions, turn);
  }

  @Override
  public void attend(Heads heads, int[] starts, Matrix qkv, Matrix logSums, Matrix out) {
    attention.forward(heads, starts, own(qkv), own(logSums), own(out));
  }

  @Override
  public void attendBackward(
      Heads heads, int[] starts, Matrix dOut, Matrix qkv, Matrix logSums, Matrix out, Matrix dQkv) {
    attention.backward(heads, starts, own(dOut), own(qkv), own(logSums), own(out), own(dQkv));
  }

  @Override
  public void attendCached(
      Heads heads, Matrix qkv, Matrix cache, int capacity, int[] slots, int[] lengths, Matrix out) {
    cached.attend(heads, own(qkv), own(cache), capacity, slots, lengths, own(out));
  }

  @Override
  public void gate(Activation f, Matrix gateUp, Matrix out) {
    gates.gate(f, own(gateUp), own(out));
  }

  @Override
  public void gateBackward(Activation f, Matrix dOut, Matrix gateUp, Matrix activated) {
    gates.gateBackward(f, own(dOut), own(gateUp), own(activated));
  }

  @Override
  public void activate(Activation f, Matrix x, Matrix out) {
    gates.activate(f, own(x), own(out));
  }

  @Override
  public void activateBackward(Activation f, Matrix dOut, Matrix x, Matrix activated) {
    gates.activateBackward(f, own(dOut), own(x), own(activated));
  }

  @Override
  public void softCap(double cap, Matrix x) {
    caps.apply(cap, own(x));
  }

  @Override
  public void softCapBackward(double cap, Matrix capped, Matrix gradient) {
    caps.backward(cap, own(capped), own(gradient));
  }

  @Override
  public void mask(Matrix x, MaskSource masks, double beta, Matrix out) {
    elements.mask(own(x), masks, beta, own(out));
  }

  @Override
  public void exponentials(Matrix logits, int[] targets, double[] losses, double[] sums) {
    this.logits.exponentials(own(logits), targets, losses, sums);
  }

  @Override
  public void subtractTargets(Matrix exponentials, int[] targets, double[] sums) {
    elements.subtractTargets(own(exponentials), targets, sums);
  }

  @Override
  public Comparison compare(Matrix logits, Matrix reference, double[] weights) {
    return this.logits.compare(own(logits), own(reference), weights);
  }

  @Override
  public double[] jensenShannon(Matrix logits, Matrix reference, double[] weights) {
    return this.logits.jensenShannon(own(logits), own(reference), weights);
  }

  @Override
  public void scaleRows(double[] factors, Matrix x) {
    elements.scaleRows(factors, own(x));
  }

  @Override
  public int[] largest(Matrix x) {
    return this.logits.largest(own(x));
  }

  @Override
  public double[] means(Matrix x) {
    return rare.means(own(x).asArrayMatrix());
  }

  @Override
  public double[] squaredNorms(Matrix x) {
    return rare.squaredNorms(own(x).asArrayMatrix());
  }

  @Override
  public double[] entries(Matrix x, int[] rows, int[] columns) {
    return rare.entries(own(x).asArrayMatrix(), rows, columns);
  }

  @Override
  public void setEntries(Matrix x, int[] columns, double[] values) {
    rare.setEntries(own(x).asArrayMatrix(), columns, values);
  }

  @Override
  public void fillRows(double[] values, Matrix x) {
    rare.fillRows(values, own(x).asArrayMatrix());
  }

  @Override
  public void subtract(Matrix y, Matrix x) {
    rare.subtract(own(y).asArrayMatrix(), own(x).asArrayMatrix());
  }

  @Override
  public Moments moments(Matrix x, int[] rows, int[] columns) {
    return logits.moments(own(x), rows, columns);
  }
}
