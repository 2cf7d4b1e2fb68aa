package org.lethe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.lethe.jobs.Lethe;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.FloatValues;
import org.lethe.tensor.NativeBackend;
import org.lethe.text.TokenizerTrainer;

/**
 * Compares the memory of an unlearn stage with the prediction of the memory check. Memory is the
 * process's highest resident size less its size before, when a small model has been unlearned and
 * all libraries and Spark are loaded. Run it with a heap of fixed size that is touched at start, so
 * that the heap does not count. Linux only.
 *
 * <p>Arguments: folder for the model and the run (kept if the model exists), preset (1b, 3b, 135m
 * or 28m) or the folder of an existing model, dtype (BF16), sequences (4), length (128), more
 * settings of Lethe.
 */
public final class UnlearningMemory {
  private static final double MIB = 1 << 20;
  private static final Pattern NEEDED = Pattern.compile("Memory: ([0-9]+) MiB needed \\((.*)\\), ");
  private static final String TEXT =
      "Ada Turner lives in Ada Street and works in a small harbour. ";

  private UnlearningMemory() {}

  public static void main(String[] arguments) throws IOException {
    Arguments given = new Arguments(arguments);
    Path folder = Path.of(arguments[0]);
    String preset = arguments[1];
    Dtype dtype = Dtype.valueOf(arguments[2]);
    int sequences = given.number(3, 4);
    int length = given.number(4, 128);
    List<String> more = List.of(arguments).subList(Math.min(5, arguments.length), arguments.length);
    Files.createDirectories(folder);
    Path log = folder.resolve("lethe.log");
    Files.deleteIfExists(log);
    System.setProperty("lethe.log", log.toString());
    NativeBackend.prepare();
    writeCorpora(folder);
    Path small = model(folder.resolve("small"), config("small"), Dtype.F32);
    run(folder, small, "warm", sequences, length, more);
    Path big =
        Files.isDirectory(Path.of(preset))
            ? Path.of(preset)
            : model(folder.resolve(preset + "-" + dtype), config(preset), dtype);
    System.gc();
    long before = resident("VmRSS");
    long start = System.nanoTime();
    run(folder, big, "measured", sequences, length, more);
    long peak = resident("VmHWM");
    System.out.printf(
        Locale.ROOT,
        "%s %s %d x %d: predicted %s; taken %.0f MiB, process %.0f MiB, %.0f s; frozen weights"
            + " %d%n",
        preset,
        dtype,
        sequences,
        length,
        predicted(log),
        (peak - before) / MIB,
        peak / MIB,
        (System.nanoTime() - start) / 1e9,
        ModelDirectory.open(big).architecture().parameters());
  }

  private static LlamaConfig config(String preset) {
    return switch (preset) {
      case "small" -> config(64, 160, 2, 4, 2, 16, 300, true);
      case "28m" -> config(320, 864, 10, 5, 5, 64, 49_152, true);
      // SmolLM2-135M.
      case "135m" -> config(576, 1536, 30, 9, 3, 64, 49_152, true);
      // TinyLlama 1.1 B.
      case "1b" -> config(2048, 5632, 22, 32, 4, 64, 32_000, false);
      // Llama 3.2 3 B.
      case "3b" -> config(3072, 8192, 28, 24, 8, 128, 128_256, true);
      default -> throw new IllegalArgumentException("Invalid preset: " + preset);
    };
  }

  private static LlamaConfig config(
      int hidden,
      int intermediate,
      int layers,
      int heads,
      int pairs,
      int size,
      int words,
      boolean tied) {
    return new LlamaConfig(
        hidden,
        intermediate,
        layers,
        heads,
        pairs,
        size,
        words,
        2048,
        1e-5,
        10_000,
        Optional.empty(),
        tied,
        Set.of());
  }

  private static Path model(Path directory, LlamaConfig config, Dtype dtype) {
    if (!Files.isDirectory(directory)) {
      new ModelDirectoryWriter(new Configuration(false))
          .writeNew(
              directory.toUri(),
              config,
              dtype,
              TokenizerTrainer.train(List.of(TEXT, TEXT).iterator(), 280),
              consumer ->
                  config
                      .architecture()
                      .tensors()
                      .forEach(tensor -> consumer.accept(tensor.name(), new Noise(tensor))));
    }
    return directory;
  }

  /** Uniform numbers that are computed when they are read; norms are 1. */
  private record Noise(TensorSpec tensor) implements FloatValues {
    @Override
    public long[] shape() {
      return tensor.shape();
    }

    @Override
    public void get(long from, float[] to, int at, int count) {
      SplittableRandom random = new SplittableRandom(31 * from + tensor.name().hashCode());
      float bound = (float) Math.sqrt(3.0 / tensor.columns());
      for (int i = 0; i < count; i++) {
        to[at + i] = tensor.isVector() ? 1 : bound * (float) (2 * random.nextDouble() - 1);
      }
    }

    @Override
    public void put(long to, float[] from, int at, int count) {
      throw new UnsupportedOperationException("Read only");
    }
  }

  private static void writeCorpora(Path folder) throws IOException {
    for (String set : List.of("forget", "retain")) {
      StringBuilder rows = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        rows.append(
            String.format(
                Locale.ROOT,
                "{\"id\":\"%s%d\",\"input\":\"%s %d\",\"output\":\"%s\"}%n",
                set,
                i,
                set,
                i,
                TEXT.repeat(60)));
      }
      Files.writeString(folder.resolve(set + ".jsonl"), rows);
    }
  }

  /** The last prediction in the log. */
  private static String predicted(Path log) throws IOException {
    String last = "none";
    Matcher matcher = NEEDED.matcher(Files.readString(log));
    while (matcher.find()) {
      last = matcher.group(1) + " MiB (" + matcher.group(2) + ")";
    }
    return last;
  }

  /** Shards and unlearns. */
  private static void run(
      Path folder, Path model, String name, int sequences, int length, List<String> more)
      throws IOException {
    Path run = Files.createTempDirectory(folder, name);
    List<String> flags = new ArrayList<>(List.of("pipeline", "--run-dir", run.toString()));
    List<String> settings =
        new ArrayList<>(
            List.of(
                "lethe.model.path=" + model,
                "lethe.corpus.forget=" + folder.resolve("forget.jsonl"),
                "lethe.corpus.retain=" + folder.resolve("retain.jsonl"),
                "lethe.pipeline.stages=[shard,unlearn]",
                "lethe.model.adapter=lora",
                "lethe.model.lora.rank=16",
                "lethe.shard.max-length=" + length,
                "lethe.unlearn.rounds=2",
                "lethe.unlearn.local-steps=1",
                "lethe.unlearn.batch-size=" + sequences,
                "lethe.unlearn.micro-batch-size=" + sequences,
                "lethe.unlearn.learning-rate.peak=1e-4"));
    settings.addAll(more);
    settings.forEach(setting -> flags.addAll(List.of("--set", setting)));
    int status = Lethe.execute(flags.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("Exit status " + status + " of " + run);
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
