package org.lethe.model;

import org.lethe.compute.RotaryTables;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.RotaryPositions;
import org.lethe.model.architecture.RotaryPositions.Llama3Scaling;

/**
 * Cosines and sines of the rotary embedding (Su et al., arXiv 2104.09864, section 3.4) in the
 * half-split layout of Hugging Face, with Llama 3 scaling of the frequencies where configured.
 *
 * <p>All steps round to float, as transformers does for every data type. The tables are part of the
 * trained model, and exact tables would change losses by 1e-6.
 */
final class Rotary {
  private final int half;
  private final float[] frequencies; // [S / 2]
  private RotaryTables tables;

  Rotary(Attention attention) {
    int headSize = attention.heads().size();
    RotaryPositions positions = attention.positions();
    half = headSize / 2;
    frequencies = new float[half];
    for (int i = 0; i < half; i++) {
      float exponent = 2f * i / headSize;
      float frequency = 1 / (float) Math.pow(positions.theta(), exponent);
      frequencies[i] =
          positions.scaling().map(scaling -> scaled(frequency, scaling)).orElse(frequency);
    }
    tables = new RotaryTables(half, new float[0], new float[0]);
  }

  /** Uses the given tables. They cannot grow, because their frequencies are unknown. */
  Rotary(int half, float[] cosines, float[] sines) {
    this.half = half;
    frequencies = new float[0];
    tables = new RotaryTables(half, cosines.clone(), sines.clone());
  }

  /** Stretches long waves by the factor, keeps short ones and blends those in between. */
  private static float scaled(float frequency, Llama3Scaling scaling) {
    float factor = (float) scaling.factor();
    float original = scaling.originalMaxPositions();
    float wave = (float) (2 * Math.PI) / frequency;
    if (wave > original / scaling.lowFrequencyFactor()) {
      return frequency / factor;
    }
    if (wave < original / scaling.highFrequencyFactor()) {
      return frequency;
    }
    float low = (float) scaling.lowFrequencyFactor();
    float smooth = (original / wave - low) / ((float) scaling.highFrequencyFactor() - low);
    return (1 - smooth) * (frequency / factor) + smooth * frequency;
  }

  /** Extends the tables to all positions below the given one. */
  void cover(int positions) {
    if (tables.positions() >= positions) {
      return;
    }
    if (frequencies.length == 0) {
      throw new IllegalStateException("Invalid position: given tables end before " + positions);
    }
    int covered = Math.max(positions, 256);
    float[] cosines = new float[covered * half];
    float[] sines = new float[covered * half];
    for (int t = 0; t < covered; t++) {
      for (int i = 0; i < half; i++) {
        float angle = t * frequencies[i];
        int at = t * half + i;
        cosines[at] = (float) Math.cos(angle);
        sines[at] = (float) Math.sin(angle);
      }
    }
    tables = new RotaryTables(half, cosines, sines);
  }

  /** The tables in their current length. */
  RotaryTables tables() {
    return tables;
  }
}
