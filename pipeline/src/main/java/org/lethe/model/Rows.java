package org.lethe.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.layer.Reading;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * A batch as rows without padding: the sequences one after another, each without its last token,
 * which predicts nothing. Everything except attention works row by row, so padding would only cost
 * time.
 *
 * @param tokens input token of each row, [N]
 * @param positions position of each row in its sequence, [N]
 * @param starts first row of each sequence, and N at the end, [B + 1]
 * @param keys a number for each sequence that depends on its id alone, for dropout masks
 * @param covered rows whose prediction (or activation) the loss covers, [C]; ascending, except for
 *     prompts that several sequences share
 * @param targets token to predict for each covered row, [C]; empty if there is no prediction
 * @param sequences the sequence of each covered row, [C]
 */
record Rows(
    int[] tokens,
    int[] positions,
    int[] starts,
    long[] keys,
    int[] covered,
    int[] targets,
    int[] sequences) {

  static Rows of(Batch batch) {
    List<Example> examples = batch.examples();
    int[] starts = new int[examples.size() + 1];
    int coveredCount = 0;
    for (int b = 0; b < examples.size(); b++) {
      starts[b + 1] = starts[b] + examples.get(b).tokens().length - 1;
      coveredCount += examples.get(b).completionTokens();
    }
    int[] tokens = new int[starts[examples.size()]];
    int[] positions = new int[tokens.length];
    long[] keys = new long[examples.size()];
    int[] covered = new int[coveredCount];
    int[] targets = new int[coveredCount];
    int[] sequences = new int[coveredCount];
    int c = 0;
    for (int b = 0; b < examples.size(); b++) {
      Example example = examples.get(b);
      int[] ids = example.tokens();
      keys[b] = Noise.key(example.id());
      System.arraycopy(ids, 0, tokens, starts[b], ids.length - 1);
      for (int t = 0; t < ids.length - 1; t++) {
        positions[starts[b] + t] = t;
      }
      for (int t = example.promptTokens(); t < ids.length; t++, c++) {
        covered[c] = starts[b] + t - 1;
        targets[c] = ids[t];
        sequences[c] = b;
      }
    }
    return new Rows(tokens, positions, starts, keys, covered, targets, sequences);
  }

  /** Whole sequences, last tokens included, for losses of activations. */
  static Rows ofTokens(Batch batch, HiddenPlace.Tokens looked) {
    List<Example> examples = batch.examples();
    Rows all = ofPrompts(examples.stream().map(Example::tokens).toList());
    boolean completions = looked == HiddenPlace.Tokens.COMPLETION;
    IntStream.Builder covered = IntStream.builder();
    IntStream.Builder sequences = IntStream.builder();
    for (int b = 0; b < examples.size(); b++) {
      int from = all.starts[b] + (completions ? examples.get(b).promptTokens() : 0);
      for (int row = from; row < all.starts[b + 1]; row++) {
        covered.add(row);
        sequences.add(b);
      }
    }
    long[] keys = examples.stream().mapToLong(example -> Noise.key(example.id())).toArray();
    return new Rows(
        all.tokens,
        all.positions,
        all.starts,
        keys,
        covered.build().toArray(),
        new int[0],
        sequences.build().toArray());
  }

  /** Prompts of which only the last row is covered. */
  static Rows ofPrompts(List<int[]> prompts) {
    return ofPrompts(prompts, IntStream.range(0, prompts.size()).toArray());
  }

  /**
   * As {@link #ofPrompts(List)}, with other covered rows.
   *
   * @param covered prompts whose last rows are covered, in any order and number
   */
  static Rows ofPrompts(List<int[]> prompts, int[] covered) {
    int[] starts = new int[prompts.size() + 1];
    for (int b = 0; b < prompts.size(); b++) {
      starts[b + 1] = starts[b] + prompts.get(b).length;
    }
    int[] tokens = new int[starts[prompts.size()]];
    int[] positions = new int[tokens.length];
    for (int b = 0; b < prompts.size(); b++) {
      System.arraycopy(prompts.get(b), 0, tokens, starts[b], prompts.get(b).length);
      for (int t = 0; t < prompts.get(b).length; t++) {
        positions[starts[b] + t] = t;
      }
    }
    int[] last = Arrays.stream(covered).map(b -> starts[b + 1] - 1).toArray();
    return new Rows(
        tokens, positions, starts, new long[prompts.size()], last, new int[0], new int[0]);
  }

  /** One new token for each sequence, at the given positions. */
  static Rows ofSteps(int[] tokens, int[] positions) {
    int[] rows = IntStream.range(0, tokens.length).toArray();
    return new Rows(
        tokens,
        positions.clone(),
        IntStream.rangeClosed(0, tokens.length).toArray(),
        new long[tokens.length],
        rows,
        new int[0],
        new int[0]);
  }

  /** Further tokens of cached sequences. The last token of each reading predicts nothing. */
  static Rows ofReadings(List<Reading> readings) {
    int[] starts = new int[readings.size() + 1];
    for (int b = 0; b < readings.size(); b++) {
      starts[b + 1] = starts[b] + readings.get(b).tokens().length - 1;
    }
    int[] tokens = new int[starts[readings.size()]];
    int[] positions = new int[tokens.length];
    IntStream.Builder covered = IntStream.builder();
    IntStream.Builder targets = IntStream.builder();
    IntStream.Builder sequences = IntStream.builder();
    for (int b = 0; b < readings.size(); b++) {
      Reading reading = readings.get(b);
      System.arraycopy(reading.tokens(), 0, tokens, starts[b], reading.tokens().length - 1);
      for (int t = 0; t < reading.tokens().length - 1; t++) {
        positions[starts[b] + t] = reading.position() + t;
      }
      for (int index : reading.covered()) {
        covered.add(starts[b] + index - 1);
        targets.add(reading.tokens()[index]);
        sequences.add(b);
      }
    }
    return new Rows(
        tokens,
        positions,
        starts,
        new long[readings.size()],
        covered.build().toArray(),
        targets.build().toArray(),
        sequences.build().toArray());
  }

  /** Number of covered rows without a gap from the c-th on. */
  int run(int c) {
    int run = 1;
    while (c + run < covered.length && covered[c + run] == covered[c] + run) {
      run++;
    }
    return run;
  }

  /** Copies the covered rows of x, [N, D], to the target, [C, D]. */
  void gather(Compute compute, Matrix x, Matrix target) {
    for (int c = 0; c < covered.length; ) {
      int run = run(c);
      compute.copy(x.rows(covered[c], run), target.rows(c, run));
      c += run;
    }
  }

  /** Copies rows, [C, D], to the covered rows of x, [N, D], and clears its other rows. */
  void scatter(Compute compute, Matrix rows, Matrix x) {
    compute.clear(x);
    replace(compute, rows, x);
  }

  /** Copies rows, [C, D], to the covered rows of x, [N, D]. Its other rows stay. */
  void replace(Compute compute, Matrix rows, Matrix x) {
    for (int c = 0; c < covered.length; ) {
      int run = run(c);
      compute.copy(rows.rows(c, run), x.rows(covered[c], run));
      c += run;
    }
  }

  /** N. */
  int count() {
    return tokens.length;
  }

  /** B. */
  int batchSize() {
    return starts.length - 1;
  }

  int length(int b) {
    return starts[b + 1] - starts[b];
  }

  int longest() {
    int longest = 0;
    for (int b = 0; b < batchSize(); b++) {
      longest = Math.max(longest, length(b));
    }
    return longest;
  }

  /** The largest token id, for the check against the vocabulary. */
  int largestToken() {
    return Math.max(Arrays.stream(tokens).max().orElse(0), Arrays.stream(targets).max().orElse(0));
  }

  int smallestToken() {
    return Math.min(Arrays.stream(tokens).min().orElse(0), Arrays.stream(targets).min().orElse(0));
  }
}
