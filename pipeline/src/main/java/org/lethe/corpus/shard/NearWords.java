package org.lethe.corpus.shard;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.ReadTask;
import org.lethe.corpus.input.ShardRow;
import org.lethe.reveal.SeededRandom;
import org.lethe.reveal.Words;

/**
 * Rare words of the forget corpus, names among them. A retain row that contains one is near to the
 * forget rows. Holds hashes of words, never words.
 */
final class NearWords implements Closeness {
  private static final long serialVersionUID = 1;

  /** Most distinct words of the forget corpus that count, those with the smallest hashes. */
  private static final int MOST_WORDS = 200_000;

  /** A word is rare if at most one in this number of retain rows contains it. */
  private static final long ROWS_PER_RARE_WORD = 1000;

  private static final int DEPTH = 2;

  private final long[] words;

  private NearWords(long[] words) {
    this.words = words;
  }

  /** Reads both corpora to find the words. */
  static NearWords find(JavaRDD<InputSplit> splits, ReadTask reader) {
    List<Long> found =
        splits
            .filter(split -> split.set() == CorpusSet.FORGET)
            .mapPartitions(reader)
            .flatMap(row -> Arrays.stream(hashes(row)).boxed().iterator())
            .distinct()
            .takeOrdered(MOST_WORDS);
    long[] candidates = found.stream().mapToLong(Long::longValue).sorted().toArray();
    long[] counts =
        splits
            .filter(split -> split.set() == CorpusSet.RETAIN)
            .mapPartitions(reader)
            .mapPartitions(rows -> List.of(counted(candidates, rows)).iterator())
            .treeReduce(NearWords::add, DEPTH);
    long most = Math.max(1, counts[candidates.length] / ROWS_PER_RARE_WORD);
    return new NearWords(
        IntStream.range(0, candidates.length)
            .filter(i -> counts[i] > 0 && counts[i] <= most)
            .mapToLong(i -> candidates[i])
            .toArray());
  }

  /** Returns the number of rows that contain each word, and last the number of rows. */
  private static long[] counted(long[] candidates, Iterator<InputRow> rows) {
    long[] counts = new long[candidates.length + 1];
    while (rows.hasNext()) {
      InputRow row = rows.next();
      if (row instanceof InputRow.Accepted) {
        counts[candidates.length]++;
        for (long hash : hashes(row)) {
          int position = Arrays.binarySearch(candidates, hash);
          if (position >= 0) {
            counts[position]++;
          }
        }
      }
    }
    return counts;
  }

  private static long[] add(long[] sums, long[] others) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += others[i];
    }
    return sums;
  }

  private static long[] hashes(InputRow row) {
    return row instanceof InputRow.Accepted accepted ? hashes(accepted.row()) : new long[0];
  }

  /** Returns the hashes of a row's distinct words. */
  private static long[] hashes(ShardRow row) {
    return Words.of(row.prompt() + "\n" + row.completion()).stream()
        .mapToLong(word -> SeededRandom.mix(0, word))
        .distinct()
        .toArray();
  }

  @Override
  public boolean isNear(CorpusSet set, ShardRow row) {
    return set == CorpusSet.RETAIN
        && Arrays.stream(hashes(row)).anyMatch(hash -> Arrays.binarySearch(words, hash) >= 0);
  }
}
