package org.lethe.evaluation.attack;

import java.util.Arrays;
import org.lethe.tensor.TensorValues;

/**
 * Rounds weights as a quantised copy of a model does, and turns them back into numbers. Consecutive
 * weights share a scale, the largest magnitude among them.
 *
 * @param bits 4: NormalFloat (Dettmers et al., arXiv 2305.14314), as in bitsandbytes. 8: whole
 *     multiples of 1/127 of the scale
 * @param group number of weights with a common scale
 */
public record WeightRounding(int bits, int group) {
  /** Values of NF4: quantiles of the normal distribution, scaled to [-1, 1]. */
  private static final float[] NORMAL_FLOAT = {
    -1.0f,
    -0.6961928009986877f,
    -0.5250730514526367f,
    -0.39491748809814453f,
    -0.28444138169288635f,
    -0.18477343022823334f,
    -0.09105003625154495f,
    0.0f,
    0.07958029955625534f,
    0.16093020141124725f,
    0.24611230194568634f,
    0.33791524171829224f,
    0.44070982933044434f,
    0.5626170039176941f,
    0.7229568362236023f,
    1.0f
  };

  private static final int BYTE_STEPS = 127;

  /** Number of weights in memory at a time. */
  private static final int PIECE = 1 << 20;

  public WeightRounding {
    if (bits != 4 && bits != 8) {
      throw new IllegalArgumentException("Invalid bits: " + bits + ", expected 4 or 8");
    }
    if (group < 1 || group > PIECE) {
      throw new IllegalArgumentException("Invalid group: " + group + ", expected 1 to " + PIECE);
    }
  }

  /**
   * Rounds a tensor in place. Groups run through it in C order, over the ends of its rows. A tensor
   * of 16-bit weights keeps the nearest 16-bit values, as loaders with a 16-bit compute type do.
   */
  public void apply(TensorValues tensor) {
    int whole = PIECE / group * group;
    float[] values = new float[(int) Math.min(whole, tensor.length())];
    for (long from = 0; from < tensor.length(); from += whole) {
      int count = (int) Math.min(whole, tensor.length() - from);
      tensor.get(from, values, 0, count);
      for (int start = 0; start < count; start += group) {
        round(values, start, Math.min(count, start + group));
      }
      for (int i = 0; i < count; i++) {
        values[i] = tensor.nearest(values[i]);
      }
      tensor.put(from, values, 0, count);
    }
  }

  private void round(float[] values, int from, int to) {
    float scale = 0;
    for (int i = from; i < to; i++) {
      scale = Math.max(scale, Math.abs(values[i]));
    }
    if (scale == 0) {
      return;
    }
    for (int i = from; i < to; i++) {
      values[i] = scale * (bits == 4 ? normalFloat(values[i] / scale) : step(values[i] / scale));
    }
  }

  private static float step(float value) {
    return (float) (Math.rint((double) value * BYTE_STEPS) / BYTE_STEPS);
  }

  private static float normalFloat(float value) {
    int found = Arrays.binarySearch(NORMAL_FLOAT, value);
    if (found >= 0) {
      return NORMAL_FLOAT[found];
    }
    int above = Math.min(-found - 1, NORMAL_FLOAT.length - 1);
    int below = Math.max(0, above - 1);
    boolean lower = value - NORMAL_FLOAT[below] <= NORMAL_FLOAT[above] - value;
    return NORMAL_FLOAT[lower ? below : above];
  }
}
