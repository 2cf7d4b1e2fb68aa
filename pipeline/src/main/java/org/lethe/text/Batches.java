package org.lethe.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Examples cut into batches of similar length, so that little of a batch is padding. */
public final class Batches {
  private Batches() {}

  /** All examples once, longest first: what does not fit into memory fails at once. */
  public static List<Batch> forEvaluation(List<Example> examples, int batchSize) {
    requireSize(batchSize);
    List<Example> sorted = new ArrayList<>(examples);
    sorted.sort(
        Comparator.comparingInt((Example e) -> e.tokens().length)
            .reversed()
            .thenComparing(Example::id));
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < sorted.size(); from += batchSize) {
      batches.add(Batch.of(sorted.subList(from, Math.min(from + batchSize, sorted.size()))));
    }
    return batches;
  }

  static void requireSize(int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Invalid batch size: " + batchSize);
    }
  }
}
