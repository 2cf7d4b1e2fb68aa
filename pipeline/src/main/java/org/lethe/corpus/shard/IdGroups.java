package org.lethe.corpus.shard;

import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/**
 * Finds ids that two rows of one corpus share although their text differs. The first row in the
 * order of the input has the id; the others are unusable. Expects rows sorted by id, corpus and
 * place, with values of {@link RowStatus}. Returns them keyed by digest.
 */
final class IdGroups
    implements PairFlatMapFunction<Iterator<Tuple2<GroupKey, byte[]>>, GroupKey, byte[]> {
  private static final long serialVersionUID = 1;

  @Override
  public Iterator<Tuple2<GroupKey, byte[]>> call(Iterator<Tuple2<GroupKey, byte[]>> rows) {
    return new Iterator<>() {
      private GroupKey first = new GroupKey();
      private byte[] digest = new byte[0];

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Tuple2<GroupKey, byte[]> next() {
        Tuple2<GroupKey, byte[]> row = rows.next();
        GroupKey key = row._1();
        byte[] own = RowStatus.digest(row._2());
        if (digest.length == 0 || key.set() != first.set() || !key.sameGroup(first)) {
          first = key;
          digest = own;
        }
        byte[] value =
            Arrays.equals(digest, own)
                ? RowStatus.withId(row._2(), key.group())
                : RowStatus.idTaken(row._2(), key.group());
        return new Tuple2<>(new GroupKey(own, key.set(), key.split(), key.index()), value);
      }
    };
  }
}
