package org.lethe.model;

/**
 * Cosines and sines of the rotary embedding (Su et al., arXiv 2104.09864, section 3.4) in the
 * half-split layout of Hugging Face, with Llama 3 scaling of the frequencies where configured.
 */
final class Rotary {
  private final int half;
  private final double[] frequencies; // [S / 2]
  private double[] cosines = new double[0]; // [positions, S / 2]
  private double[] sines = new double[0];
  private float[] floatCosines = new float[0];
  private float[] floatSines = new float[0];

  Rotary(DecoderConfig config) {
    half = config.headSize() / 2;
    frequencies = new double[half];
    for (int i = 0; i < half; i++) {
      double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headSize());
      frequencies[i] =
          config.ropeScaling().map(scaling -> scaled(frequency, scaling)).orElse(frequency);
    }
  }

  /** Long waves are stretched by the factor, short ones kept, those between are blended. */
  private static double scaled(double frequency, DecoderConfig.RopeScaling scaling) {
    double turns = scaling.originalMaxPositions() * frequency / (2 * Math.PI);
    if (turns < scaling.lowFrequencyFactor()) {
      return frequency / scaling.factor();
    }
    if (turns > scaling.highFrequencyFactor()) {
      return frequency;
    }
    double smooth =
        (turns - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    return (1 - smooth) * frequency / scaling.factor() + smooth * frequency;
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
    int covered = Math.max(positions, 256);
    cosines = new double[covered * half];
    sines = new double[covered * half];
    floatCosines = new float[covered * half];
    floatSines = new float[covered * half];
    for (int t = 0; t < covered; t++) {
      for (int i = 0; i < half; i++) {
        double angle = t * frequencies[i];
        int at = t * half + i;
        cosines[at] = Math.cos(angle);
        sines[at] = Math.sin(angle);
        floatCosines[at] = (float) cosines[at];
        floatSines[at] = (float) sines[at];
      }
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
