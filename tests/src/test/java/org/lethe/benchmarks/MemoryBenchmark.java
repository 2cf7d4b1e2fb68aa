package org.lethe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lethe.direction.OptimizerState;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.DecoderMemory;
import org.lethe.model.Gradients;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.tensor.NativeBackend;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Compares the memory of BLUR steps with AdamW with the memory that the arrays alone need. Memory
 * is the process's highest resident size less its size before the model. Run it with a heap of
 * fixed size that is touched at start (-Xms512m -Xmx512m -XX:+AlwaysPreTouch), so that the heap
 * does not count. Linux only.
 *
 * <p>Arguments: sequences (8), length (128), layers (6).
 */
public final class MemoryBenchmark {
  private static final double MIB = 1 << 20;

  private MemoryBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    Arguments given = new Arguments(arguments);
    int sequences = given.number(0, 8);
    int length = given.number(1, 128);
    int layers = given.number(2, 6);
    NativeBackend.prepare();
    // Loads libraries and classes and starts threads, which do not grow with the model.
    train(config(1, 64), new RandomTokens(64).batch(2, 16));
    System.gc();
    long before = resident("VmRSS");
    // With 6 layers, stories15M.
    Architecture config = config(layers, 32000);
    long parameters =
        train(config, new RandomTokens(config.vocabularySize()).batch(sequences, length));
    long taken = resident("VmHWM") - before;
    long arrays = 4 * parameters * (1 + 2 + 2);
    long activations =
        DecoderMemory.trainingBytes(
            config, Adapter.full(), DataType.FLOAT, sequences * length, layers);
    System.out.printf(
        Locale.ROOT,
        "weights, gradients, moments %.0f MiB + activations and logits %.0f MiB; taken %.0f MiB,"
            + " %.3f times%n",
        arrays / MIB,
        activations / MIB,
        taken / MIB,
        (double) taken / (arrays + activations));
  }

  private static Architecture config(int layers, int vocabulary) {
    return new LlamaConfig(
            288,
            768,
            layers,
            6,
            6,
            48,
            vocabulary,
            256,
            1e-5,
            10000,
            Optional.empty(),
            true,
            Set.of())
        .architecture();
  }

  private static long train(Architecture config, Batch batch) {
    try (Decoder decoder =
            Decoder.load(config, Adapter.full(), DataType.FLOAT, new RandomWeights(1));
        Gradients forget = decoder.newGradients();
        Gradients retain = decoder.newGradients()) {
      BlurStep blur = new BlurStep(decoder, batch, forget, retain);
      try (OptimizerState state = blur.newState()) {
        for (int step = 0; step < 8; step++) {
          blur.run(state, step);
        }
      }
      return decoder.parameters().length();
    }
  }

  private static long resident(String line) throws IOException {
    for (String text : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (text.startsWith(line + ":")) {
        return Long.parseLong(text.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("No " + line + " in /proc/self/status");
  }
}
