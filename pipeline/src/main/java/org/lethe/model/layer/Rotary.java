package org.lethe.model.layer;

import org.lethe.compute.RotaryTables;
import org.lethe.model.architecture.RotaryPositions;
import org.lethe.model.architecture.RotaryPositions.LinearScaling;
import org.lethe.model.architecture.RotaryPositions.Llama3Scaling;
import org.lethe.model.architecture.RotaryPositions.Scaling;
import org.lethe.model.architecture.RotaryPositions.YarnScaling;

/**
 * Cosines and sines of the rotary embedding (Su et al., arXiv 2104.09864, section 3.4) in the
 * half-split layout of Hugging Face, with the scaling of the frequencies where configured.
 *
 * <p>All steps round to float, as transformers does for every data type. The tables are part of the
 * trained model, and exact tables would change losses by 1e-6.
 */
public final class Rotary {
  private final int half;
  private final float[] frequencies; // [R / 2]
  private final float factor;
  private RotaryTables tables;

  /** The tables of a description, empty at first. */
  public Rotary(RotaryPositions positions) {
    half = positions.size() / 2;
    frequencies = new float[half];
    for (int i = 0; i < half; i++) {
      float exponent = 2f * i / positions.size();
      frequencies[i] = 1 / (float) Math.pow(positions.theta(), exponent);
    }
    positions.scaling().ifPresent(scaling -> scale(scaling, positions));
    factor = positions.scaling().map(Rotary::attentionFactor).orElse(1f);
    tables = new RotaryTables(half, new float[0], new float[0]);
  }

  /** Uses the given tables. They cannot grow, because their frequencies are unknown. */
  public Rotary(int half, float[] cosines, float[] sines) {
    this.half = half;
    frequencies = new float[0];
    factor = 1;
    tables = new RotaryTables(half, cosines.clone(), sines.clone());
  }

  private void scale(Scaling scaling, RotaryPositions positions) {
    if (scaling instanceof YarnScaling yarn) {
      scale(yarn, positions);
      return;
    }
    for (int i = 0; i < half; i++) {
      frequencies[i] =
          scaling instanceof Llama3Scaling llama3
              ? scaled(frequencies[i], llama3)
              : frequencies[i] / (float) ((LinearScaling) scaling).factor();
    }
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

  /** YaRN's ramp between kept and divided frequencies (arXiv 2309.00071, section 3.2). */
  private void scale(YarnScaling yarn, RotaryPositions positions) {
    double low = column(yarn.fastRotations(), yarn, positions);
    double high = column(yarn.slowRotations(), yarn, positions);
    if (yarn.truncate()) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    low = Math.max(low, 0);
    high = Math.min(high, positions.size() - 1);
    if (low == high) {
      high += 0.001;
    }
    for (int i = 0; i < half; i++) {
      float wave = (float) Math.pow(positions.theta(), 2f * i / positions.size());
      float ramp = (float) (i - low) / (float) (high - low);
      float kept = 1 - Math.max(0, Math.min(1, ramp));
      float divided = 1 / ((float) yarn.factor() * wave);
      frequencies[i] = divided * (1 - kept) + frequencies[i] * kept;
    }
  }

  /** Column whose angle turns that often within the original sequence. */
  private static double column(double rotations, YarnScaling yarn, RotaryPositions positions) {
    return positions.size()
        * Math.log(yarn.originalMaxPositions() / (rotations * 2 * Math.PI))
        / (2 * Math.log(positions.theta()));
  }

  private static float attentionFactor(Scaling scaling) {
    if (scaling instanceof YarnScaling yarn) {
      double paper = yarn.factor() <= 1 ? 1 : 0.1 * Math.log(yarn.factor()) + 1;
      return (float) yarn.attentionFactor().orElse(paper);
    }
    return 1;
  }

  /** Extends the tables to all positions below the given one. */
  public void cover(int positions) {
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
        cosines[at] = factor * (float) Math.cos(angle);
        sines[at] = factor * (float) Math.sin(angle);
      }
    }
    tables = new RotaryTables(half, cosines, sines);
  }

  /** The tables in their current length. */
  public RotaryTables tables() {
    return tables;
  }
}
