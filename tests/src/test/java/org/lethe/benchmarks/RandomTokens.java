package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Rows of random tokens.
 *
 * @param vocabulary number of tokens, including three that do not occur
 */
record RandomTokens(int vocabulary) {
  int[] row(int seed, int length) {
    return new SplittableRandom(seed).ints(length, 3, vocabulary).toArray();
  }

  /** Returns rows in which every position but the first is covered, so that each has a loss. */
  Batch batch(int sequences, int length) {
    List<Example> examples = new ArrayList<>();
    for (int b = 0; b < sequences; b++) {
      examples.add(new Example("row " + b, row(b, length + 1), 1));
    }
    return Batch.of(examples);
  }
}
