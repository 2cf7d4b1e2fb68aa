package org.lethe.corpus.shard;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Key of a row in a shuffle that groups rows: by id, or by digest. Within a group, rows are in the
 * order of the input, because splits are numbered in that order.
 */
final class GroupKey implements Comparable<GroupKey>, Externalizable {
  private static final long serialVersionUID = 1;

  private byte[] group;
  private int set;
  private int split;
  private int index;

  /** For deserialisation. */
  public GroupKey() {
    this(new byte[0], 0, 0, 0);
  }

  /**
   * @param group bytes that all rows of the group share
   * @param set number of the row's corpus
   * @param split number of the row's split
   * @param index number of rows before it in the split
   */
  GroupKey(byte[] group, int set, int split, int index) {
    this.group = group;
    this.set = set;
    this.split = split;
    this.index = index;
  }

  /** Returns the digest as 32 bytes. */
  static byte[] bytes(String digest) {
    return HexFormat.of().parseHex(digest);
  }

  /** Returns bytes whose order is that of the strings. */
  static byte[] ordered(String text) {
    return text.getBytes(StandardCharsets.UTF_16BE);
  }

  /** Returns the string of {@link #ordered} that begins at a position of the bytes. */
  static String text(byte[] bytes, int from) {
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_16BE);
  }

  byte[] group() {
    return group;
  }

  int set() {
    return set;
  }

  int split() {
    return split;
  }

  int index() {
    return index;
  }

  boolean sameGroup(GroupKey other) {
    return Arrays.equals(group, other.group);
  }

  @Override
  public int compareTo(GroupKey other) {
    int c = Arrays.compareUnsigned(group, other.group);
    c = c != 0 ? c : Integer.compare(set, other.set);
    c = c != 0 ? c : Integer.compare(split, other.split);
    return c != 0 ? c : Integer.compare(index, other.index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupKey key && compareTo(key) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(group) + split) + index;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeShort(group.length);
    out.write(group);
    out.writeByte(set);
    out.writeInt(split);
    out.writeInt(index);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    group = new byte[in.readUnsignedShort()];
    in.readFully(group);
    set = in.readByte();
    split = in.readInt();
    index = in.readInt();
  }
}
