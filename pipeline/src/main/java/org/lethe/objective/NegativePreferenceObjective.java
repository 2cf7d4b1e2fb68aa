package org.lethe.objective;

import java.util.Optional;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * NPO and SimNPO per sequence, counted in sequences. Used with one decoder, from one thread.
 *
 * <p>The loss of a sequence is (2/beta) log(1 + exp(-beta x)), where x, its excess, is linear in s,
 * the summed token losses. Its derivative by x is -2 sigmoid(-beta x). So its gradient is that of s
 * with one weight for all tokens, which is known as soon as the whole sequence has been seen.
 */
final class NegativePreferenceObjective implements Objective {
  private final double beta;
  private final Excess excess;

  /** Completions up to this length are known to come in one chunk. */
  private int longestWhole;

  NegativePreferenceObjective(double beta, Excess excess) {
    this.beta = beta;
    this.excess = excess;
  }

  /** How much less likely a completion is than it has to be, in nats. */
  interface Excess {
    /**
     * The excess x.
     *
     * @param sum summed token losses of the completion
     */
    double of(Example example, double sum);

    /** dx/ds. */
    double perNat(Example example);
  }

  /** Of NPO: s - s_ref. */
  record OverReference(ReferenceLosses reference) implements Excess {
    @Override
    public double of(Example example, double sum) {
      return sum - reference.of(example.id());
    }

    @Override
    public double perNat(Example example) {
      return 1;
    }
  }

  /** Of SimNPO: s / |y| - delta. */
  record PerToken(double delta) implements Excess {
    @Override
    public double of(Example example, double sum) {
      return sum / example.completionTokens() - delta;
    }

    @Override
    public double perNat(Example example) {
      return 1.0 / example.completionTokens();
    }
  }

  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    Optional<double[]> sums = sumsOfSplitSequences(decoder, batch);
    boolean[] counted = new boolean[batch.size()];
    double total =
        decoder.accumulate(batch, chunk -> apply(chunk, batch, sums, counted), gradients);
    return new LossSum(total, batch.size());
  }

  /**
   * The sequences' losses, if some sequence does not fit into one chunk. The decoder alone knows
   * what fits, so a forward pass finds out whenever a longer completion than ever comes.
   */
  private Optional<double[]> sumsOfSplitSequences(Decoder decoder, Batch batch) {
    int longest = batch.examples().stream().mapToInt(Example::completionTokens).max().orElse(0);
    if (longest <= longestWhole) {
      return Optional.empty();
    }
    double[] sums = new double[batch.size()];
    boolean[] split = new boolean[1];
    decoder.forward(
        batch,
        chunk -> {
          split[0] |= !chunk.holdsWholeSequences();
          addTo(sums, chunk.sequences(), chunk.tokenLosses());
        });
    if (split[0]) {
      return Optional.of(sums);
    }
    longestWhole = longest;
    return Optional.empty();
  }

  private double apply(
      LogitChunk chunk, Batch batch, Optional<double[]> knownSums, boolean[] counted) {
    int[] sequences = chunk.sequences();
    double[] losses = chunk.tokenLosses();
    double[] sums =
        knownSums.orElseGet(
            () -> {
              double[] own = new double[batch.size()];
              addTo(own, sequences, losses);
              return own;
            });
    double[] weights = new double[losses.length];
    double total = 0;
    for (int row = 0; row < losses.length; row++) {
      int b = sequences[row];
      Example example = batch.examples().get(b);
      double x = excess.of(example, sums[b]);
      weights[row] = slope(x) * excess.perNat(example);
      if (!counted[b]) {
        counted[b] = true;
        total += loss(x);
      }
    }
    chunk.nllGradient(weights);
    return total;
  }

  private static void addTo(double[] sums, int[] sequences, double[] losses) {
    for (int row = 0; row < losses.length; row++) {
      sums[sequences[row]] += losses[row];
    }
  }

  /** (2/beta) log(1 + exp(-beta x)), without overflow. */
  double loss(double x) {
    double z = beta * x;
    return 2 / beta * (Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
  }

  /** dLoss/dx = -2 sigmoid(-beta x). */
  double slope(double x) {
    double z = beta * x;
    double e = Math.exp(-Math.abs(z));
    return -2 * (z >= 0 ? e / (1 + e) : 1 / (1 + e));
  }
}
