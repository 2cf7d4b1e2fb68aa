package org.lethe.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;

/**
 * Random initial weights: matrices normal with standard deviation 0.02, norms one, biases zero. A
 * tensor's values depend on the seed and its name alone.
 *
 * @param seed seed of all tensors
 */
public record RandomWeights(long seed) implements WeightSource {
  private static final double DEVIATION = 0.02;

  @Override
  public boolean contains(String name) {
    return true;
  }

  @Override
  public void read(String name, TensorValues target) {
    if (name.endsWith("norm.weight")) {
      assign(equal(1, target), target);
    } else if (name.endsWith(".bias")) {
      assign(equal(0, target), target);
    } else {
      assign(normal(name, Math.toIntExact(target.length())), target);
    }
  }

  /** Fills the target with values between -bound and bound. */
  static void uniform(long seed, String name, double bound, TensorValues target) {
    assign(uniform(seed, name, bound, Math.toIntExact(target.length())), target);
  }

  /** Returns values between -bound and bound, which depend on the seed and the name alone. */
  public static double[] uniform(long seed, String name, double bound, int length) {
    SplittableRandom random = new SplittableRandom(seed ^ spread(name));
    double[] values = new double[length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bound * (2 * random.nextDouble() - 1);
    }
    return values;
  }

  private static void assign(double[] values, TensorValues target) {
    target.put(0, values, 0, values.length);
  }

  private static double[] equal(double value, TensorValues target) {
    double[] values = new double[Math.toIntExact(target.length())];
    Arrays.fill(values, value);
    return values;
  }

  private double[] normal(String name, int length) {
    SplittableRandom random = new SplittableRandom(seed ^ spread(name));
    double[] values = new double[length];
    for (int i = 0; i < length; i += 2) {
      // Box-Muller: two normal values from two uniform ones.
      double radius = DEVIATION * Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
      double angle = 2 * Math.PI * random.nextDouble();
      values[i] = radius * Math.cos(angle);
      if (i + 1 < length) {
        values[i + 1] = radius * Math.sin(angle);
      }
    }
    return values;
  }

  private static long spread(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return crc.getValue() * 0x9E3779B97F4A7C15L;
  }
}
