package org.lethe.tensor;

/** Conversions between the two half types and FLOAT. Java has none before release 20. */
public final class Half {
  /** Every F16 value, by its bits. */
  private static final float[] F16_VALUES = f16Values();

  private Half() {}

  /**
   * Widens 16-bit elements, which is exact.
   *
   * @param dtype F16 or BF16
   * @param from bits of the elements, first one at {@code at}
   * @param to FLOAT elements, first one at {@code begin}
   */
  public static void widen(Dtype dtype, short[] from, int at, float[] to, int begin, int count) {
    if (dtype == Dtype.BF16) {
      for (int i = 0; i < count; i++) {
        to[begin + i] = Float.intBitsToFloat(from[at + i] << 16);
      }
    } else {
      for (int i = 0; i < count; i++) {
        to[begin + i] = F16_VALUES[from[at + i] & 0xffff];
      }
    }
  }

  /** Narrows elements that are exact in 16 bits; any other element is an error. */
  static void narrow(Dtype dtype, float[] from, int at, short[] to, int count) {
    for (int i = 0; i < count; i++) {
      float value = from[at + i];
      to[i] = dtype == Dtype.BF16 ? toBf16(value) : toF16(value);
      float back = dtype == Dtype.BF16 ? fromBf16(to[i]) : fromF16(to[i]);
      if (Float.floatToIntBits(back) != Float.floatToIntBits(value)) {
        throw new IllegalArgumentException("Invalid value: " + value + " is not exact in " + dtype);
      }
    }
  }

  /** Whether the bits are those of a finite number. */
  static boolean isFinite(Dtype dtype, short bits) {
    int exponent = dtype == Dtype.BF16 ? 0x7f80 : 0x7c00;
    return (bits & exponent) != exponent;
  }

  static float fromF16(short bits) {
    return F16_VALUES[bits & 0xffff];
  }

  static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Rounds to nearest, ties to even. Values of 65520 and more become infinite. */
  static short toF16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00); // NaN
    }
    if (magnitude >= 0x477ff000) {
      return (short) (sign | 0x7c00); // 65520 rounds up to infinity
    }
    if (magnitude >= 0x38800000) {
      // Normal: re-bias the exponent, then round the 13 lost bits. A carry runs into the exponent.
      int odd = (magnitude >>> 13) & 1;
      return (short) (sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13));
    }
    if (magnitude < 0x33000000) {
      return (short) sign; // below half of the smallest subnormal
    }
    int exponent = magnitude >>> 23;
    int mantissa = (magnitude & 0x7fffff) | 0x800000;
    int shift = 126 - exponent; // 14 to 24
    int half = 1 << (shift - 1);
    int odd = (mantissa >>> shift) & 1;
    return (short) (sign | ((mantissa + half - 1 + odd) >>> shift));
  }

  /** Rounds to nearest, ties to even. */
  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7fffffff) > 0x7f800000) {
      return (short) ((bits >>> 16) | 0x40); // NaN stays NaN when its low bits are cut
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /**
   * Rounds a double to a float so that a second rounding to a half type gives the half nearest to
   * the double. It rounds to odd, which works because FLOAT has more than two bits more than either
   * half.
   */
  static float roundToOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value) || Float.isInfinite(nearest)) {
      return nearest;
    }
    int bits = Float.floatToRawIntBits(nearest);
    if ((bits & 1) == 1) {
      return nearest;
    }
    // The two floats around the value have consecutive bits. If the nearest one is even, the odd
    // one is its neighbour.
    boolean nearestIsLarger = Math.abs((double) nearest) > Math.abs(value);
    return Float.intBitsToFloat(nearestIsLarger ? bits - 1 : bits + 1);
  }

  private static float[] f16Values() {
    float[] values = new float[1 << 16];
    for (int bits = 0; bits < values.length; bits++) {
      int exponent = (bits >>> 10) & 0x1f;
      int mantissa = bits & 0x3ff;
      float magnitude;
      if (exponent == 0) {
        magnitude = mantissa * 0x1p-24f;
      } else if (exponent == 31) {
        magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
      } else {
        magnitude = Math.scalb(1 + mantissa * 0x1p-10f, exponent - 15);
      }
      values[bits] = (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }
    return values;
  }
}
