package org.lethe.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.NativeBackend;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.lethe.text.Batch;

/**
 * Measures forward and backward passes, their matrix products alone, and the best rate of a large
 * product. tests/benchmarks/bfloat16/torch_passes.py measures the same in PyTorch.
 *
 * <p>Arguments: shape (stories15m or smollm2), products (float or bfloat16), trained (full, lora or
 * lora-bf16, whose frozen weights are in 16 bits), rounds (5), sequences (8), length (256). Prints
 * a line of CSV for each figure: program, shape, products, trained, what, median ms, best ms, best
 * processor time in ms, and GFLOP/s of the best.
 */
public final class PassBenchmark {
  private static final int WARM_UP = 2;
  private static final int PEAK_SIZE = 2048;

  private PassBenchmark() {}

  public static void main(String[] arguments) {
    Arguments given = new Arguments(arguments);
    String[] labels = Arrays.copyOf(arguments, 3);
    int rounds = given.number(3, 5);
    int sequences = given.number(4, 8);
    int length = given.number(5, 256);
    NativeBackend.prepare();
    Architecture shape = shape(labels[0]);
    Backend backend =
        labels[1].equals("float") ? new HeapBackend() : HeapBackend.ofBfloatProducts();
    Batch batch = new RandomTokens(shape.vocabularySize()).batch(sequences, length);
    try (ProductsAlone products = new ProductsAlone(backend, shape, sequences, length)) {
      measure(labels, "products alone", rounds, products.operations(), products::run);
    }
    peak(labels, rounds, backend);
    try (Decoder decoder = Decoder.load(shape, adapter(labels[2]), backend, weights(labels[2]));
        Gradients gradients = decoder.newGradients()) {
      LogitLoss loss = LogitLoss.negativeLogLikelihood();
      measure(labels, "forward", rounds, 0, () -> decoder.forward(batch));
      measure(
          labels,
          "forward and backward",
          rounds,
          0,
          () -> decoder.accumulate(batch, loss, gradients));
    }
  }

  private static Architecture shape(String name) {
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

  private static Adapter adapter(String trained) {
    return trained.equals("full")
        ? Adapter.full()
        : new Adapter.Lora(16, 32, 0, Set.of(Adapter.Lora.ALL_LINEAR), 1);
  }

  private static WeightSource weights(String trained) {
    WeightSource random = new RandomWeights(1);
    return trained.equals("lora-bf16") ? new Cut(random) : random;
  }

  /** Weights cut to BF16, as if a file held them so. */
  private record Cut(WeightSource exact) implements WeightSource {
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

  /** The machine's rate: a square product that fits the caches well. */
  private static void peak(String[] labels, int rounds, Backend backend) {
    Compute compute = backend.compute(backend.threads());
    try (Matrix a = backend.matrix(PEAK_SIZE, PEAK_SIZE);
        Matrix b = backend.matrix(PEAK_SIZE, PEAK_SIZE);
        Matrix c = backend.matrix(PEAK_SIZE, PEAK_SIZE)) {
      compute.clear(a);
      compute.clear(b);
      measure(
          labels,
          "product of 2048",
          rounds,
          2 * Math.pow(PEAK_SIZE, 3),
          () -> compute.multiply(Form.AS_IS, a, Form.TRANSPOSED, b, 1, 0, c));
    }
  }

  private static void measure(
      String[] labels, String what, int rounds, double operations, Runnable work) {
    double[] seconds = new double[rounds];
    long processor = Long.MAX_VALUE;
    for (int round = -WARM_UP; round < rounds; round++) {
      long before = processorTime();
      long start = System.nanoTime();
      work.run();
      if (round >= 0) {
        seconds[round] = (System.nanoTime() - start) / 1e9;
        processor = Math.min(processor, processorTime() - before);
      }
    }
    Arrays.sort(seconds);
    System.out.printf(
        Locale.ROOT,
        "lethe,%s,%s,%.1f,%.1f,%.1f,%s%n",
        String.join(",", labels),
        what,
        seconds[rounds / 2] * 1e3,
        seconds[0] * 1e3,
        processor / 1e6,
        operations > 0 ? String.format(Locale.ROOT, "%.0f", operations / seconds[0] / 1e9) : "");
  }

  /** Processor time of this process in nanoseconds; other processes affect it less. */
  private static long processorTime() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
