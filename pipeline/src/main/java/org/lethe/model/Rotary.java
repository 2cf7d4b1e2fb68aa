package org.lethe.model;

/**
 * Cosines and sines of the rotary embedding (Su et al., arXiv 2104.09864, section 3.4) in the
 * half-split layout of Hugging Face, with Llama 3 scaling of the frequencies where configured.
 *
 * <p>All steps round to float, as transformers does whatever the model's type: the tables are part
 * of the model that was trained, and exact ones would move losses by 1e-6.
 */
final class Rotary {
  private final int half;
  private final float[] frequencies; // [S / 2]
  private double[] cosines = new double[0]; // [positions, S / 2]
  private double[] sines = new double[0];
  private float[] floatCosines = new float[0];
  private float[] floatSines = new float[0];

  Rotary(DecoderConfig config) {
    half = config.headSize() / 2;
    frequencies = new float[half];
    for (int i = 0; i < half; i++) {
      float exponent = 2f * i / config.headSize();
      float frequency = 1 / (float) Math.pow(config.ropeTheta(), exponent);
      frequencies[i] =
          config.ropeScaling().map(scaling -> scaled(frequency, scaling)).orElse(frequency);
    }
  }

  /**
   * Tables of positions 0 and up that were made elsewhere, of frequencies that stay unknown here.
   */
  Rotary(int half, float[] cosines, float[] sines) {
    this.half = half;
    frequencies = new float[0];
    floatCosines = cosines.clone();
    floatSines = sines.clone();
    widen();
  }

  /** Long waves are stretched by the factor, short ones kept, those between are blended. */
  private static float scaled(float frequency, DecoderConfig.RopeScaling scaling) {
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

  /** S / 2. */
  int half() {
    return half;
  }

  /** Makes sure that the tables cover positions below the given one. */
  void cover(int positions) {
    if (cosines.length >= positions * half) {
      return;
    }
    if (frequencies.length == 0) {
      throw new IllegalStateException("Invalid position: given tables end before " + positions);
    }
    int covered = Math.max(positions, 256);
    floatCosines = new float[covered * half];
    floatSines = new float[covered * half];
    for (int t = 0; t < covered; t++) {
      for (int i = 0; i < half; i++) {
        float angle = t * frequencies[i];
        int at = t * half + i;
        floatCosines[at] = (float) Math.cos(angle);
        floatSines[at] = (float) Math.sin(angle);
      }
    }
    widen();
  }

  private void widen() {
    cosines = new double[floatCosines.length];
    sines = new double[floatSines.length];
    for (int at = 0; at < cosines.length; at++) {
      cosines[at] = floatCosines[at];
      sines[at] = floatSines[at];
    }
  }

  /** Entry [t, i] at t * S / 2 + i. */
  double[] cosines() {
    return cosines;
  }

  double[] sines() {
    return sines;
  }

  float[] floatCosines() {
    return floatCosines;
  }

  float[] floatSines() {
    return floatSines;
  }
}
