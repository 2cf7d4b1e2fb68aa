package org.lethe.cluster.wire;

import java.nio.ByteBuffer;

/**
 * First words of the process that connects.
 *
 * @param purpose what the connection is for
 * @param worker index of the worker that connects
 */
record Hello(Purpose purpose, int worker) {
  /** Bytes of a greeting. */
  static final int BYTES = 16;

  private static final long MAGIC = 0x4c45_5448_4557_4952L; // "LETHEWIR"

  /** What a connection is for. */
  enum Purpose {
    /** Introduces a worker to the driver, and brings averages to it. */
    RENDEZVOUS,
    /** Versions of a slice, to its owner. */
    CONTRIBUTIONS,
    /** The average of a slice, from its owner. */
    AVERAGES
  }

  byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(MAGIC)
        .putInt(purpose.ordinal())
        .putInt(worker)
        .array();
  }

  /** Reads a greeting. Throws {@link IllegalArgumentException} if it is none. */
  static Hello of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getLong() != MAGIC) {
      throw new IllegalArgumentException("Invalid greeting");
    }
    int purpose = buffer.getInt();
    if (purpose < 0 || purpose >= Purpose.values().length) {
      throw new IllegalArgumentException("Invalid purpose: " + purpose);
    }
    return new Hello(Purpose.values()[purpose], buffer.getInt());
  }
}
