package org.lethe.benchmarks;

import java.util.Optional;
import java.util.Set;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;

/** Shapes of models with random weights. */
final class BenchmarkShapes {
  private BenchmarkShapes() {}

  /** Returns the shape of a name: stories15m or smollm2. */
  static Architecture of(String name) {
    LlamaConfig config =
        switch (name) {
          case "stories15m" ->
              new LlamaConfig(
                  288,
                  768,
                  6,
                  6,
                  6,
                  48,
                  32000,
                  2048,
                  1e-5,
                  10000,
                  Optional.empty(),
                  true,
                  Set.of());
          case "smollm2" ->
              new LlamaConfig(
                  576,
                  1536,
                  30,
                  9,
                  3,
                  64,
                  49152,
                  2048,
                  1e-5,
                  10000,
                  Optional.empty(),
                  true,
                  Set.of());
          default -> throw new IllegalArgumentException("Invalid shape: " + name);
        };
    return config.architecture();
  }

  /** Weights cut to BF16, as if a file held them so. */
  record Cut(WeightSource exact) implements WeightSource {
    @Override
    public boolean contains(String name) {
      return exact.contains(name);
    }

    @Override
    public Dtype dtype(String name) {
      return Dtype.BF16;
    }

    @Override
    public void read(String name, TensorValues target) {
      int count = Math.toIntExact(target.length());
      float[] values = new float[count];
      exact.read(name, new HeapTensor(values, target.shape()));
      for (int i = 0; i < count; i++) {
        values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
      }
      target.put(0, values, 0, count);
    }
  }
}
