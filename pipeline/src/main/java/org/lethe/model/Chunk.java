package org.lethe.model;

import java.util.Arrays;
import java.util.Optional;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Comparison;
import org.lethe.compute.Matrix;
import org.lethe.model.RowRange.SequenceCover;

/** The chunk of logits that a pass currently holds. */
final class Chunk implements LogitChunk {
  private enum State {
    RAW,
    EXPONENTIALS,
    GRADIENT
  }

  private final Compute compute;
  private final Matrix hidden;
  private final int[] allSequences;
  private final Matrix logits;
  private final RowRange range;
  private final int[] targets;
  private final int[] sequences;
  private State state = State.RAW;
  private double[] sums = new double[0];
  private Optional<double[]> rowFactors = Optional.empty();

  /**
   * @param hidden normalised rows of the whole batch, [C, D]
   */
  Chunk(Pass pass, Matrix hidden, Matrix logits, RowRange range) {
    compute = pass.compute();
    this.hidden = hidden;
    allSequences = pass.rows().sequences();
    this.logits = logits;
    this.range = range;
    int end = range.first() + range.count();
    targets = Arrays.copyOfRange(pass.rows().targets(), range.first(), end);
    sequences = Arrays.copyOfRange(pass.rows().sequences(), range.first(), end);
  }

  @Override
  public int rows() {
    return range.count();
  }

  @Override
  public int firstRow() {
    return range.first();
  }

  @Override
  public int[] targets() {
    return targets.clone();
  }

  @Override
  public int[] sequences() {
    return sequences.clone();
  }

  @Override
  public boolean holdsWholeSequences() {
    return range.cover() == SequenceCover.WHOLE;
  }

  @Override
  public Matrix hidden() {
    return hidden;
  }

  @Override
  public int[] allSequences() {
    return allSequences.clone();
  }

  @Override
  public Matrix logits() {
    expect(State.RAW);
    return logits;
  }

  @Override
  public Compute compute() {
    return compute;
  }

  @Override
  public double[] tokenLosses() {
    expect(State.RAW);
    double[] losses = new double[rows()];
    sums = new double[rows()];
    compute.exponentials(logits, targets, losses, sums);
    state = State.EXPONENTIALS;
    return losses;
  }

  @Override
  public void nllGradient(double[] weights) {
    expect(State.EXPONENTIALS);
    compute.subtractTargets(logits, targets, sums);
    double[] factors = new double[rows()];
    for (int row = 0; row < factors.length; row++) {
      factors[row] = weights[row] / sums[row];
    }
    rowFactors = Optional.of(factors);
    state = State.GRADIENT;
  }

  @Override
  public double divergence(Matrix referenceLogits, double weight) {
    double[] weights = new double[rows()];
    Arrays.fill(weights, weight);
    return Arrays.stream(divergences(referenceLogits, weights)).sum();
  }

  @Override
  public double[] divergences(Matrix referenceLogits, double[] weights) {
    return compare(referenceLogits, weights).divergences();
  }

  @Override
  public double jensenShannon(Matrix referenceLogits) {
    expect(State.RAW);
    state = State.GRADIENT;
    double[] ones = new double[rows()];
    Arrays.fill(ones, 1);
    return Arrays.stream(compute.jensenShannon(logits, referenceLogits, ones)).sum();
  }

  @Override
  public double[] crossEntropies(Matrix referenceLogits, double[] weights) {
    return compare(referenceLogits, weights).crossEntropies();
  }

  private Comparison compare(Matrix referenceLogits, double[] weights) {
    expect(State.RAW);
    state = State.GRADIENT;
    return compute.compare(logits, referenceLogits, weights);
  }

  private void expect(State expected) {
    if (state != expected) {
      throw new IllegalStateException("Invalid use of a chunk: " + state + ", not " + expected);
    }
  }

  /** dLoss/dLogits up to the row factors. */
  Matrix gradient() {
    if (state == State.EXPONENTIALS) {
      throw new IllegalStateException("The loss left no gradient in its chunk");
    }
    return logits;
  }

  /** Factors still to be applied to the rows of the gradient. */
  Optional<double[]> rowFactors() {
    return rowFactors;
  }
}
