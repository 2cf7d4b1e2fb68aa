package org.lethe.corpus.shard;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.Decisions.Overlap;
import org.lethe.corpus.shard.Decisions.SetCounts;
import org.lethe.corpus.shard.ShardReport.OverlappingRow;
import org.lethe.corpus.shard.ShardSettings.Duplicates;
import scala.Tuple2;

/**
 * Finds duplicates and rows in both corpora. Expects rows sorted by digest, corpus (exclusion list,
 * forget, retain) and place, with values of {@link RowStatus}. Keeps one block in memory.
 */
final class DigestGroups implements FlatMapFunction<Iterator<Tuple2<GroupKey, byte[]>>, Decisions> {
  private static final long serialVersionUID = 1;
  private static final int BLOCK = 1 << 18;

  /** Number of the exclusion list among the corpora of a key. */
  static final int EXCLUSIONS = -1;

  private final Duplicates duplicates;
  private final ShardSettings.Overlap overlap;
  private final long seed;

  DigestGroups(ShardSettings settings) {
    this.duplicates = settings.duplicates();
    this.overlap = settings.overlap();
    this.seed = settings.seed();
  }

  @Override
  public Iterator<Decisions> call(Iterator<Tuple2<GroupKey, byte[]>> rows) {
    return new Blocks(rows);
  }

  private final class Blocks implements Iterator<Decisions> {
    private final Iterator<Tuple2<GroupKey, byte[]>> rows;

    // The current digest.
    private GroupKey group = new GroupKey();
    private boolean excluded;
    private boolean inForget;
    private String forgetId = "";
    private int lastSet = EXCLUSIONS;

    Blocks(Iterator<Tuple2<GroupKey, byte[]>> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Decisions next() {
      Block block = new Block();
      for (int i = 0; i < BLOCK && rows.hasNext(); i++) {
        Tuple2<GroupKey, byte[]> row = rows.next();
        enter(row._1());
        if (row._1().set() == EXCLUSIONS) {
          excluded = true;
        } else if (RowStatus.isIdTaken(row._2())) {
          block.idTaken(row._1());
        } else {
          decide(row._1(), row._2(), block);
        }
      }
      return block.finished();
    }

    private void enter(GroupKey key) {
      if (!key.sameGroup(group)) {
        group = key;
        excluded = false;
        inForget = false;
        forgetId = "";
        lastSet = EXCLUSIONS;
      }
    }

    private void decide(GroupKey key, byte[] value, Block block) {
      CorpusSet set = CorpusSet.values()[key.set()];
      boolean first = lastSet != key.set();
      lastSet = key.set();
      if (set == CorpusSet.FORGET && first) {
        inForget = true;
        forgetId = RowStatus.id(value);
      }
      if (!first) {
        block.add(set, new SetCounts(0, 1, 0, 0));
        if (duplicates == Duplicates.DROP) {
          return;
        }
      }
      if (set == CorpusSet.RETAIN && excluded) {
        block.add(set, new SetCounts(0, 0, 0, 1));
        return;
      }
      if (set == CorpusSet.RETAIN && inForget) {
        block.overlap(key, forgetId, RowStatus.id(value));
        if (overlap == ShardSettings.Overlap.DROP_FROM_RETAIN) {
          return;
        }
      }
      block.usable(set, key, RowStatus.isNear(value));
    }
  }

  private final class Block {
    private final Decisions decisions = new Decisions();
    private final SetCounts[] counts = {SetCounts.NONE, SetCounts.NONE};
    private long overlapping;
    private final PriorityQueue<Overlap> examples =
        new PriorityQueue<>(Overlap.IN_INPUT_ORDER.reversed());

    void add(CorpusSet set, SetCounts more) {
      counts[set.ordinal()] = counts[set.ordinal()].plus(more);
    }

    void idTaken(GroupKey key) {
      decisions.idTaken().add(key.split(), key.index(), 0);
      add(CorpusSet.values()[key.set()], new SetCounts(0, 0, 1, 0));
    }

    void usable(CorpusSet set, GroupKey key, boolean near) {
      long hash = Mixing.sample(seed, ByteBuffer.wrap(key.group()).getLong());
      (near ? decisions.near(set) : decisions.far(set)).add(key.split(), key.index(), hash);
      add(set, new SetCounts(1, 0, 0, 0));
    }

    void overlap(GroupKey key, String forgetId, String retainId) {
      overlapping++;
      examples.add(
          new Overlap(
              key.split(),
              key.index(),
              new OverlappingRow(forgetId, retainId, HexFormat.of().formatHex(key.group()))));
      if (examples.size() > ReportMaker.MOST_EXAMPLES) {
        examples.remove();
      }
    }

    Decisions finished() {
      List<Overlap> first = examples.stream().sorted(Overlap.IN_INPUT_ORDER).toList();
      decisions.setCounts(new Decisions.Counts(List.of(counts), overlapping, first));
      return decisions;
    }
  }
}
