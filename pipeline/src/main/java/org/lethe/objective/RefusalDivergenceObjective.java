package org.lethe.objective;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.objective.token.RowWeights;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * The forget loss of JensUn, summed over the completion positions, counted in tokens.
 *
 * <p>With a target t that is 1 at the tokens T and 0 elsewhere, and m = (p + t) / 2, the mean of
 * KL(p || m) and KL(t || m) depends only on the p of T: (log 2 + sum over T of p log(p / (1 + p)) -
 * log((1 + p) / 2)) / 2. Its derivative is a = log(p / (1 + p)) / 2, up to a constant. So the
 * gradient of a logit is p (a - c) for a token in T and -p c elsewhere, with c = sum over T of p a.
 * Public code also clamps all probabilities at 1e-9.
 */
record RefusalDivergenceObjective(
    RefusalTarget target, RowWeights tokens, Alternatives alternatives) implements Objective {
  private static final double LOG_2 = Math.log(2);

  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    int[][] refusals = new int[batch.size()][];
    int[] starts = new int[batch.size()];
    int next = 0;
    for (int b = 0; b < starts.length; b++) {
      Example example = batch.examples().get(b);
      refusals[b] = tokens(alternatives.of(example));
      starts[b] = next;
      next += example.completionTokens();
    }
    double sum =
        decoder.accumulate(
            batch, chunk -> apply(chunk, targets(chunk, refusals, starts)), gradients);
    return new LossSum(sum, batch.completionTokens());
  }

  /** The completion without its end token, unless that is all. */
  private static int[] tokens(Example refusal) {
    int end = Math.max(refusal.promptTokens() + 1, refusal.tokens().length - 1);
    return Arrays.copyOfRange(refusal.tokens(), refusal.promptTokens(), end);
  }

  /** The tokens T of each row of the chunk, without repetitions. */
  private int[][] targets(LogitChunk chunk, int[][] refusals, int[] starts) {
    int[] sequences = chunk.sequences();
    int[][] targets = new int[sequences.length][];
    for (int row = 0; row < targets.length; row++) {
      int[] refusal = refusals[sequences[row]];
      int position = chunk.firstRow() + row - starts[sequences[row]];
      targets[row] =
          target == RefusalTarget.CYCLED
              ? new int[] {refusal[position % refusal.length]}
              : Arrays.stream(refusal).distinct().toArray();
    }
    return targets;
  }

  private double apply(LogitChunk chunk, int[][] targets) {
    double[] weights = tokens.of(chunk);
    Matrix logits = chunk.logits(); // [n, V]
    Compute compute = chunk.compute();
    int most = Arrays.stream(targets).mapToInt(row -> row.length).max().orElse(0);
    double[] losses = new double[targets.length];
    double[] sums = new double[targets.length];
    compute.exponentials(logits, column(targets, 0), losses, sums);
    double[][] p = new double[most][];
    double[] shares = new double[targets.length]; // c
    double sum = 0;
    for (int j = 0; j < most; j++) {
      p[j] = probabilities(logits, compute, column(targets, j), sums);
      for (int row = 0; row < targets.length; row++) {
        if (j < targets[row].length) {
          double likelihood = p[j][row];
          shares[row] += likelihood * slope(likelihood);
          sum +=
              weights[row]
                  * (likelihood * slope(likelihood) - 0.5 * (Math.log1p(likelihood) - LOG_2));
        }
      }
    }
    double[] factors = new double[targets.length];
    for (int row = 0; row < factors.length; row++) {
      sum += weights[row] * 0.5 * LOG_2;
      factors[row] = weights[row] * -shares[row] / sums[row];
    }
    compute.scaleRows(factors, logits);
    for (int j = 0; j < most; j++) {
      double[] entries = new double[targets.length];
      for (int row = 0; row < entries.length; row++) {
        entries[row] = weights[row] * p[j][row] * (slope(p[j][row]) - shares[row]);
      }
      compute.setEntries(logits, column(targets, j), entries);
    }
    return sum;
  }

  /** a, or 0 where p a vanishes. */
  private static double slope(double likelihood) {
    return likelihood == 0 ? 0 : 0.5 * (Math.log(likelihood) - Math.log1p(likelihood));
  }

  /** The j-th token of each row; a row with fewer tokens repeats its first. */
  private static int[] column(int[][] targets, int j) {
    return Arrays.stream(targets).mapToInt(row -> row[j < row.length ? j : 0]).toArray();
  }

  private static double[] probabilities(
      Matrix exponentials, Compute compute, int[] tokens, double[] sums) {
    int[] rows = IntStream.range(0, tokens.length).toArray();
    double[] values = compute.entries(exponentials, rows, tokens);
    for (int row = 0; row < values.length; row++) {
      values[row] /= sums[row];
    }
    return values;
  }
}
