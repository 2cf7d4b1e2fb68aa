package org.lethe.model;

import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;

/** Formula weights rounded to a 16-bit type, in a file of that type or of F32. */
record RoundedWeights(Dtype values, Dtype stored) implements WeightSource {
  @Override
  public boolean contains(String name) {
    return true;
  }

  @Override
  public Dtype dtype(String name) {
    return stored;
  }

  @Override
  public void read(String name, TensorValues target) {
    int length = Math.toIntExact(target.length());
    HeapTensor exact = new HeapTensor(new float[length], target.shape());
    new FormulaWeights().read(name, exact);
    float[] rounded = new float[length];
    for (int i = 0; i < length; i++) {
      rounded[i] = round(exact.values()[i]);
    }
    target.put(0, rounded, 0, length);
  }

  /** Towards zero; F16 has no normal numbers below 2^-14. */
  private float round(float value) {
    int lost = values == Dtype.BF16 ? 0xffff : 0x1fff;
    float rounded = Float.intBitsToFloat(Float.floatToRawIntBits(value) & ~lost);
    return values == Dtype.F16 && Math.abs(rounded) < 0x1p-14f ? 0 : rounded;
  }
}
