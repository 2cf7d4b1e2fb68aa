package org.lethe.corpus.shard;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/** A row with its shard, in the order of the file: by the seeded number, then by digest and id. */
final class OutputKey implements Comparable<OutputKey>, Externalizable {
  private static final long serialVersionUID = 1;

  private int target;
  private long order;
  private EncodedRow row;

  /** For deserialisation. */
  public OutputKey() {
    this(0, 0, new EncodedRow());
  }

  /**
   * @param target number of the shard
   * @param order first criterion of the order within the shard
   */
  OutputKey(int target, long order, EncodedRow row) {
    this.target = target;
    this.order = order;
    this.row = row;
  }

  int target() {
    return target;
  }

  EncodedRow row() {
    return row;
  }

  @Override
  public int compareTo(OutputKey other) {
    int c = Integer.compare(target, other.target);
    c = c != 0 ? c : Long.compare(order, other.order);
    return c != 0 ? c : row.compareTo(other.row);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutputKey key && compareTo(key) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * target + Long.hashCode(order);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(target);
    out.writeLong(order);
    row.writeExternal(out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    target = in.readInt();
    order = in.readLong();
    row = new EncodedRow();
    row.readExternal(in);
  }
}
