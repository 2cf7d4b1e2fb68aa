package org.lethe.benchmarks;

import java.util.Arrays;
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
import org.lethe.tensor.NativeBackend;
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
  private static final int PEAK_SIZE = 2048;

  private PassBenchmark() {}

  public static void main(String[] arguments) {
    Arguments given = new Arguments(arguments);
    String[] labels = Arrays.copyOf(arguments, 3);
    int rounds = given.number(3, 5);
    int sequences = given.number(4, 8);
    int length = given.number(5, 256);
    PassMeter meter = new PassMeter(String.join(",", labels), rounds);
    NativeBackend.prepare();
    Architecture shape = BenchmarkShapes.of(labels[0]);
    Backend backend =
        labels[1].equals("float") ? new HeapBackend() : HeapBackend.ofBfloatProducts();
    Batch batch = new RandomTokens(shape.vocabularySize()).batch(sequences, length);
    try (ProductsAlone products = new ProductsAlone(backend, shape, sequences, length)) {
      meter.measure("products alone", products.operations(), products::run);
    }
    peak(meter, backend);
    try (Decoder decoder = Decoder.load(shape, adapter(labels[2]), backend, weights(labels[2]));
        Gradients gradients = decoder.newGradients()) {
      LogitLoss loss = LogitLoss.negativeLogLikelihood();
      meter.measure("forward", 0, () -> decoder.forward(batch));
      meter.measure("forward and backward", 0, () -> decoder.accumulate(batch, loss, gradients));
    }
  }

  private static Adapter adapter(String trained) {
    return trained.equals("full")
        ? Adapter.full()
        : new Adapter.Lora(16, 32, 0, Set.of(Adapter.Lora.ALL_LINEAR), 1);
  }

  private static WeightSource weights(String trained) {
    WeightSource random = new RandomWeights(1);
    return trained.equals("lora-bf16") ? new BenchmarkShapes.Cut(random) : random;
  }

  /** The machine's rate: a square product that fits the caches well. */
  private static void peak(PassMeter meter, Backend backend) {
    Compute compute = backend.compute(backend.threads());
    try (Matrix a = backend.matrix(PEAK_SIZE, PEAK_SIZE);
        Matrix b = backend.matrix(PEAK_SIZE, PEAK_SIZE);
        Matrix c = backend.matrix(PEAK_SIZE, PEAK_SIZE)) {
      compute.clear(a);
      compute.clear(b);
      meter.measure(
          "product of 2048",
          2 * Math.pow(PEAK_SIZE, 3),
          () -> compute.multiply(Form.AS_IS, a, Form.TRANSPOSED, b, 1, 0, c));
    }
  }
}
