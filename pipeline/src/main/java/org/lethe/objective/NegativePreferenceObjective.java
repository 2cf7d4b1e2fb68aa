package org.lethe.objective;

import java.util.Optional;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * NPO per sequence, counted in sequences. Used with one decoder, from one thread.
 *
 * <p>With x = s - s_ref the loss of a sequence is (2/beta) log(1 + exp(-beta x)) and its derivative
 * by s is -2 sigmoid(-beta x). So its gradient is that of the sequence's summed token losses with
 * one weight for all of them, which is known as soon as the whole sequence has been seen.
 */
final class NegativePreferenceObjective implements Objective {
  private final double beta;
  private final ReferenceLosses reference;

  /** Completions up to this length are known to come in one chunk. */
  private int longestWhole;

  NegativePreferenceObjective(double beta, ReferenceLosses reference) {
    this.beta = beta;
    this.reference = reference;
  }

  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    double[] references =
        batch.examples().stream().mapToDouble(example -> reference.of(example.id())).toArray();
    Optional<double[]> sums = sumsOfSplitSequences(decoder, batch);
    boolean[] counted = new boolean[batch.size()];
    double total =
        decoder.accumulate(batch, chunk -> apply(chunk, references, sums, counted), gradients);
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
      LogitChunk chunk, double[] references, Optional<double[]> knownSums, boolean[] counted) {
    int[] sequences = chunk.sequences();
    double[] losses = chunk.tokenLosses();
    double[] sums =
        knownSums.orElseGet(
            () -> {
              double[] own = new double[references.length];
              addTo(own, sequences, losses);
              return own;
            });
    double[] weights = new double[losses.length];
    double total = 0;
    for (int row = 0; row < losses.length; row++) {
      int b = sequences[row];
      double excess = sums[b] - references[b];
      weights[row] = slope(excess);
      if (!counted[b]) {
        counted[b] = true;
        total += loss(excess);
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
  double loss(double excess) {
    double z = beta * excess;
    return 2 / beta * (Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
  }

  /** dLoss/ds = -2 sigmoid(-beta x). */
  double slope(double excess) {
    double z = beta * excess;
    double e = Math.exp(-Math.abs(z));
    return -2 * (z >= 0 ? e / (1 + e) : 1 / (1 + e));
  }
}
