package org.lethe.corpus.shard;

import java.util.Arrays;

/**
 * The value of a row in the shuffles of the shard stage. In the shuffle by id: the digest and a
 * byte of flags. In the shuffle by digest: the byte of flags and the id.
 */
final class RowStatus {
  private static final int DIGEST_BYTES = 32;
  private static final byte NEAR = 1;
  private static final byte ID_TAKEN = 2;

  private RowStatus() {}

  /** Returns the value of a row in the shuffle by id. */
  static byte[] of(String digest, boolean near) {
    byte[] value = Arrays.copyOf(GroupKey.bytes(digest), DIGEST_BYTES + 1);
    value[DIGEST_BYTES] = near ? NEAR : 0;
    return value;
  }

  /** Returns the digest in a value of the shuffle by id. */
  static byte[] digest(byte[] value) {
    return Arrays.copyOf(value, DIGEST_BYTES);
  }

  /** Returns a row's value in the shuffle by digest from its value in the shuffle by id. */
  static byte[] withId(byte[] value, byte[] id) {
    byte[] all = new byte[1 + id.length];
    all[0] = value[DIGEST_BYTES];
    System.arraycopy(id, 0, all, 1, id.length);
    return all;
  }

  /** Returns the value of a row whose id another row of the corpus has. */
  static byte[] idTaken(byte[] value, byte[] id) {
    byte[] all = withId(value, id);
    all[0] |= ID_TAKEN;
    return all;
  }

  static boolean isIdTaken(byte[] value) {
    return (value[0] & ID_TAKEN) != 0;
  }

  static boolean isNear(byte[] value) {
    return (value[0] & NEAR) != 0;
  }

  /** Returns the id in a value of the shuffle by digest. */
  static String id(byte[] value) {
    return GroupKey.text(value, 1);
  }
}
