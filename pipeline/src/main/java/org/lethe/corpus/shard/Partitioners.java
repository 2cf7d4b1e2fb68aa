package org.lethe.corpus.shard;

import java.util.Arrays;
import org.apache.spark.Partitioner;

/** Where the rows of the shard stage's shuffles go. */
final class Partitioners {
  private Partitioners() {}

  /** Partitioner of group keys by a hash of the group. */
  static Partitioner byHash(int partitions) {
    return new Numbered(partitions) {
      @Override
      int of(Object key) {
        return Math.floorMod(Arrays.hashCode(((GroupKey) key).group()), partitions);
      }
    };
  }

  /**
   * Partitioner of group keys that begin with a digest, in the order of the digests. SHA-256
   * spreads digests evenly, so the ranges need no sample.
   */
  static Partitioner byDigest(int partitions) {
    return new Numbered(partitions) {
      @Override
      int of(Object key) {
        byte[] digest = ((GroupKey) key).group();
        long prefix =
            (digest[0] & 0xFFL) << 24
                | (digest[1] & 0xFFL) << 16
                | (digest[2] & 0xFFL) << 8
                | (digest[3] & 0xFFL);
        return (int) (prefix * partitions >>> Integer.SIZE);
      }
    };
  }

  /** Partitioner of numbers: one partition for each. */
  static Partitioner byNumber(int partitions) {
    return new Numbered(partitions) {
      @Override
      int of(Object key) {
        return (Integer) key;
      }
    };
  }

  /** Partitioner of group keys: one partition for each corpus. */
  static Partitioner byCorpus(int corpora) {
    return new Numbered(corpora) {
      @Override
      int of(Object key) {
        return ((GroupKey) key).set();
      }
    };
  }

  /** Partitioner of output keys: one partition for each target. */
  static Partitioner byTarget(int targets) {
    return new Numbered(targets) {
      @Override
      int of(Object key) {
        return ((OutputKey) key).target();
      }
    };
  }

  private abstract static class Numbered extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int partitions;

    Numbered(int partitions) {
      this.partitions = partitions;
    }

    abstract int of(Object key);

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      return of(key);
    }
  }
}
