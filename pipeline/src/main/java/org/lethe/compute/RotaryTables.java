package org.lethe.compute;

/**
 * Cosines and sines of the rotary embedding for positions 0 and up. Entry [t, i] is at t * half +
 * i.
 *
 * @param half number of angles per position, half the rotated columns of a head
 * @param cosines of each angle, [positions, half]
 * @param sines of each angle, [positions, half]
 */
@SuppressWarnings("ArrayRecordComponent") // Tables are shared, never compared.
public record RotaryTables(int half, float[] cosines, float[] sines) {
  /** Number of positions. */
  public int positions() {
    return cosines.length / half;
  }
}
