package org.lethe.corpus.shard;

import java.io.Serializable;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.ShardRow;

/** Which retain rows are neighbours of the forget rows. */
@FunctionalInterface
interface Closeness extends Serializable {
  /** No row is a neighbour. */
  Closeness NONE = (set, row) -> false;

  /** Returns true for a retain row that is close to a forget row. */
  boolean isNear(CorpusSet set, ShardRow row);
}
