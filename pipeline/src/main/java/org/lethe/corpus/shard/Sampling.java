package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.Decisions.Places;
import org.lethe.corpus.shard.RowChoice.Last;

/**
 * Computes which rows to choose: the first ones in input order, and a sample of the retain corpus.
 * The driver receives counts by split, and counts and a few hashes of the sample.
 */
final class Sampling {
  private static final int BUCKET_BITS = 12;
  private static final int BUCKETS = 1 << BUCKET_BITS;
  private static final int BUCKET_SHIFT = Long.SIZE - BUCKET_BITS;

  /** Depth of the tree that adds up counts. Two keeps the driver's share small. */
  private static final int DEPTH = 2;

  private final JavaRDD<Decisions> decisions;
  private final int splits;

  Sampling(JavaRDD<Decisions> decisions, int splits) {
    this.decisions = decisions;
    this.splits = splits;
  }

  /** Returns the choice without rows behind the first {@code rows} usable rows of the corpus. */
  RowChoice limited(RowChoice choice, CorpusSet set, long rows) {
    long[] bySplit = sum(decisions, splits, (sums, block) -> count(sums, block, set));
    long before = 0;
    for (int split = 0; split < splits; split++) {
      if (before + bySplit[split] > rows) {
        return choice.upTo(set, last(set, split, (int) (rows - before)));
      }
      before += bySplit[split];
    }
    return choice;
  }

  private static void count(long[] sums, Decisions block, CorpusSet set) {
    for (Places places : block.usable(set)) {
      for (int i = 0; i < places.size(); i++) {
        sums[places.split(i)]++;
      }
    }
  }

  /** Adds a block to sums. */
  private interface Counter extends Serializable {
    void add(long[] sums, Decisions block);
  }

  /** Returns sums over all blocks. */
  private static long[] sum(JavaRDD<Decisions> decisions, int size, Counter counter) {
    return decisions
        .mapPartitions(
            blocks -> {
              long[] sums = new long[size];
              blocks.forEachRemaining(block -> counter.add(sums, block));
              return List.of(sums).iterator();
            })
        .treeReduce(Sampling::add, DEPTH);
  }

  private static long[] add(long[] sums, long[] others) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += others[i];
    }
    return sums;
  }

  /** Returns the place of the last of the first rows of a split. */
  private Last last(CorpusSet set, int split, int rows) {
    if (rows == 0) {
      return new Last(split - 1, Integer.MAX_VALUE);
    }
    List<Integer> indexes =
        decisions
            .flatMap(
                block -> {
                  List<Integer> found = new ArrayList<>();
                  for (Places places : block.usable(set)) {
                    for (int i = 0; i < places.size(); i++) {
                      if (places.split(i) == split) {
                        found.add(places.index(i));
                      }
                    }
                  }
                  return found.iterator();
                })
            .collect();
    int[] sorted = indexes.stream().mapToInt(Integer::intValue).sorted().toArray();
    return new Last(split, sorted[rows - 1]);
  }

  /** The number of rows near to the forget rows, and of the others. */
  record Strata(long near, long far) {}

  /** Returns the number of retain rows of each stratum that the choice includes. */
  Strata strata(RowChoice choice) {
    return new Strata(
        Arrays.stream(histogram(choice, Sampling::near)).sum(),
        Arrays.stream(histogram(choice, Sampling::far)).sum());
  }

  /**
   * Returns the choice with a sample of the retain corpus.
   *
   * @param rows rows to choose of each stratum
   */
  RowChoice sampled(RowChoice choice, Strata rows) {
    return choice.sampled(
        bound(choice, Sampling::far, rows.far()), bound(choice, Sampling::near, rows.near()));
  }

  private static Places near(Decisions block) {
    return block.near(CorpusSet.RETAIN);
  }

  private static Places far(Decisions block) {
    return block.far(CorpusSet.RETAIN);
  }

  /** The list of a block that a stratum takes. */
  private interface Stratum extends Function<Decisions, Places>, Serializable {}

  /** Returns the largest hash of a sample, or that of every hash if there are not more rows. */
  private long bound(RowChoice choice, Stratum stratum, long rows) {
    long[] buckets = histogram(choice, stratum);
    long before = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      if (before + buckets[bucket] >= rows) {
        boolean all = before + buckets[bucket] == rows && isLast(buckets, bucket);
        return all ? RowChoice.EVERY_HASH : bound(choice, stratum, bucket, rows - before);
      }
      before += buckets[bucket];
    }
    return RowChoice.EVERY_HASH;
  }

  private static boolean isLast(long[] buckets, int bucket) {
    return Arrays.stream(buckets, bucket + 1, BUCKETS).allMatch(rows -> rows == 0);
  }

  private long bound(RowChoice choice, Stratum stratum, int bucket, long rows) {
    if (rows == 0) {
      // The smallest hash of all: a row with it is one in 2^64.
      return 0;
    }
    List<Long> hashes =
        decisions
            .flatMap(
                block -> {
                  List<Long> found = new ArrayList<>();
                  Places places = stratum.apply(block);
                  for (int i = 0; i < places.size(); i++) {
                    if (choice.isEarly(CorpusSet.RETAIN, places, i)
                        && places.hash(i) >>> BUCKET_SHIFT == bucket) {
                      found.add(places.hash(i));
                    }
                  }
                  return found.iterator();
                })
            .collect();
    return hashes.stream().sorted(Long::compareUnsigned).skip(rows - 1).findFirst().orElseThrow();
  }

  /** Counts the rows of a stratum by the leading bits of their hash. */
  private long[] histogram(RowChoice choice, Stratum stratum) {
    return sum(
        decisions,
        BUCKETS,
        (sums, block) -> {
          Places places = stratum.apply(block);
          for (int i = 0; i < places.size(); i++) {
            if (choice.isEarly(CorpusSet.RETAIN, places, i)) {
              sums[(int) (places.hash(i) >>> BUCKET_SHIFT)]++;
            }
          }
        });
  }
}
