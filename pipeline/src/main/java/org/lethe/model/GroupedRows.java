package org.lethe.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Applies a {@link SequenceLoss} row by row. A chunk that holds whole groups is enough for their
 * loss. The sums of a group that spans several chunks must be read ahead.
 */
final class GroupedRows implements LogitLoss {
  private final SequenceLoss loss;
  private final double[] sums;
  private final Set<Integer> known = new HashSet<>();
  private final Set<Integer> counted = new HashSet<>();

  GroupedRows(SequenceLoss loss, int sequences) {
    if (sequences % loss.groupSize() != 0) {
      throw new IllegalArgumentException(
          "Invalid batch: " + sequences + " sequences, expected groups of " + loss.groupSize());
    }
    this.loss = loss;
    this.sums = new double[sequences];
  }

  int group(int sequence) {
    return sequence / loss.groupSize();
  }

  /** Adds a chunk of a group to its sums before the loss is computed. */
  void readAhead(LogitChunk chunk) {
    int[] sequences = chunk.sequences();
    known.add(group(sequences[0]));
    add(sequences, chunk.tokenLosses());
  }

  private void add(int[] sequences, double[] losses) {
    for (int row = 0; row < losses.length; row++) {
      sums[sequences[row]] += losses[row];
    }
  }

  @Override
  public double apply(LogitChunk chunk) {
    int[] sequences = chunk.sequences();
    double[] losses = chunk.tokenLosses();
    if (!known.contains(group(sequences[0]))) {
      add(sequences, losses);
    }
    double[] weights = new double[losses.length];
    double total = 0;
    for (int row = 0; row < weights.length; ) {
      int group = group(sequences[row]);
      int first = group * loss.groupSize();
      double[] slopes = new double[loss.groupSize()];
      double value =
          loss.apply(group, Arrays.copyOfRange(sums, first, first + slopes.length), slopes);
      if (counted.add(group)) {
        total += value;
      }
      for (; row < weights.length && group(sequences[row]) == group; row++) {
        weights[row] = slopes[sequences[row] - first];
      }
    }
    chunk.nllGradient(weights);
    return total;
  }
}
