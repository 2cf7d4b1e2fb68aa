package org.lethe.compute;

/**
 * Cosines and sines of the rotary embedding for positions 0 and up. Entry [t, i] is at t * half +
 * i.
 *
 * @param half S / 2, angles per position
 * @param cosines of each angle, [positions, S / 2]
 * @param sines of each angle, [positions, S / 2]
 */
@SuppressWarnings("ArrayRecordComponent") // Tables are shared, never compared.
public record RotaryTables(int half, float[] cosines, float[] sines) {
  /** Number of positions. */
  public int positions() {
    return cosines.length / half;
  }
}
