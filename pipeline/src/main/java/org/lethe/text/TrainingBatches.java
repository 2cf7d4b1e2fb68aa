package org.lethe.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * An endless sequence of training batches over a worker's examples, as a pure function of (seed,
 * worker, step): a resumed run sees the same batches as an uninterrupted one.
 *
 * <p>Steps are grouped into epochs; each epoch sees every example once, in an order of its own. To
 * save padding, the shuffled examples are sorted by length within windows of {@value #WINDOW}
 * batches, and the batches are shuffled again. The last batch of an epoch may be smaller. Not safe
 * for use by several threads.
 */
public final class TrainingBatches {
  private static final int WINDOW = 16;

  private final List<Example> examples;
  private final int batchSize;
  private final long seed;
  private final int worker;
  private final int batchesPerEpoch;

  private long epoch = -1;
  private List<List<Example>> batches = List.of();

  /**
   * @param examples at least one; their order does not matter
   * @param seed of the run
   * @param worker index of the worker
   */
  public TrainingBatches(List<Example> examples, int batchSize, long seed, int worker) {
    Batches.requireSize(batchSize);
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("Invalid examples: none");
    }
    this.examples = new ArrayList<>(examples);
    this.examples.sort(Comparator.comparing(Example::id));
    this.batchSize = batchSize;
    this.seed = seed;
    this.worker = worker;
    this.batchesPerEpoch = (examples.size() + batchSize - 1) / batchSize;
  }

  /** Steps that see every example once. */
  public int batchesPerEpoch() {
    return batchesPerEpoch;
  }

  /**
   * The batch of a step.
   *
   * @param step number of the step from the beginning of the run, for example round times local
   *     steps plus local step
   */
  public Batch at(long step) {
    long wanted = Math.floorDiv(step, (long) batchesPerEpoch);
    if (wanted != epoch) {
      batches = plan(wanted);
      epoch = wanted;
    }
    return Batch.of(batches.get((int) Math.floorMod(step, (long) batchesPerEpoch)));
  }

  private List<List<Example>> plan(long ofEpoch) {
    Random random = new Random(mix(mix(mix(seed) + worker) + ofEpoch));
    List<Example> shuffled = new ArrayList<>(examples);
    Collections.shuffle(shuffled, random);
    List<List<Example>> planned = new ArrayList<>();
    int window = Math.multiplyExact(batchSize, WINDOW);
    for (int from = 0; from < shuffled.size(); from += window) {
      List<Example> part =
          new ArrayList<>(shuffled.subList(from, Math.min(from + window, shuffled.size())));
      part.sort(Comparator.comparingInt(e -> e.tokens().length));
      for (int at = 0; at < part.size(); at += batchSize) {
        planned.add(part.subList(at, Math.min(at + batchSize, part.size())));
      }
    }
    Collections.shuffle(planned, random);
    return planned;
  }

  /** The finaliser of SplitMix64: near seeds give unrelated streams. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
