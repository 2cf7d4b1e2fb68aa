package org.lethe.run.evidence;

/** Signs bytes: with a key from a file, or where a hook keeps the key elsewhere. */
@FunctionalInterface
public interface Signer {
  /** Returns the signature of the bytes. */
  byte[] sign(byte[] bytes);
}
