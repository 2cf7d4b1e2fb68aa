package org.lethe.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.Moments;
import org.lethe.cluster.training.RoundMetrics;
import org.lethe.cluster.training.Training;
import org.lethe.cluster.training.TrainingListener;
import org.lethe.cluster.training.TrainingPlan;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.corpus.ShardFixture;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.LearningRate;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Projection;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;
import org.lethe.run.RunDirectory;
import org.lethe.text.Example;

/**
 * Measures the share of a round that is not worker compute, on a real model. Run by hand; asserts
 * nothing. Arguments: model directory, folder, workers, local steps, Spark master, rank of LoRA or
 * 0 for full training, rounds between checkpoints, AVERAGED or LOCAL moments, rounds (default 10).
 *
 * <p>{@code smollm2-float}, {@code smollm2-tf32} and {@code smollm2-bf16} in place of the directory
 * are random weights of SmolLM2-135M's shape on a CUDA device.
 */
final class RoundBenchmark {
  private static final String RANDOM = "smollm2-";

  private RoundBenchmark() {}

  /** Random weights on a CUDA device. */
  private record RandomDecoder(String products, Adapter adapter) implements DecoderSource {
    @Override
    public Decoder load(Configuration hadoop) {
      return Decoder.load(
          DeviceBenchmark.SMALL, adapter, DeviceBenchmark.backend(products), new RandomWeights(1));
    }

    @Override
    public String identity() {
      return toString();
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[1]));
    int workers = Integer.parseInt(arguments[2]);
    int localSteps = Integer.parseInt(arguments[3]);
    TrainingSettings settings =
        settings(localSteps, Integer.parseInt(arguments[6]), new Arguments(arguments).number(8, 10))
            .with(Moments.valueOf(arguments[7]));
    List<WorkerShards> shards = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      shards.add(
          new WorkerShards(
              List.of(ShardFixture.write(folder.resolve("f" + worker), long128("f" + worker))),
              List.of(ShardFixture.write(folder.resolve("r" + worker), long128("r" + worker)))));
    }
    Adapter adapter = adapter(Integer.parseInt(arguments[5]));
    DecoderSource model =
        arguments[0].startsWith(RANDOM)
            ? new RandomDecoder(arguments[0].substring(RANDOM.length()), adapter)
            : PretrainedDecoder.of(
                Path.of(arguments[0]).toUri(), "", folder.resolve("cache").toString(), adapter);
    try (JavaSparkContext spark =
        new JavaSparkContext(
            new SparkConf()
                .setAppName("rounds")
                .setMaster(arguments[4])
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executorEnv.OMP_NUM_THREADS", "1"))) {
      TrainingPlan plan =
          new TrainingPlan(
              model,
              shards,
              settings,
              RunDirectory.at(folder.resolve("run").toUri().toString(), new Configuration()));
      Training.run(
              spark,
              plan,
              new TrainingListener() {
                @Override
                public void roundFinished(RoundMetrics m, int rounds) {
                  System.out.printf(
                      "round %d: %.2f s, workers %.2f s, rest %.3f s (%.1f %%), checkpoint before"
                          + " %.2f s%n",
                      m.round(),
                      m.seconds(),
                      m.workerSeconds(),
                      m.sparkSeconds(),
                      100 * m.sparkSeconds() / m.seconds(),
                      m.checkpointSeconds());
                }
              })
          .state()
          .close();
    }
  }

  private static TrainingSettings settings(int localSteps, int checkpointEvery, int rounds) {
    return new TrainingSettings(
        new ForgetLoss.NegativePreference(0.1),
        new RetainLoss.NegativeLogLikelihood(),
        new Blur(1, 1e-12),
        new AdamW(0.9, 0.999, 1e-8, 0.01),
        new LearningRate.Cosine(1e-2, 2, 0.1),
        1,
        Averaging.PARAMETERS,
        rounds,
        localSteps,
        8,
        8,
        checkpointEvery,
        42);
  }

  private static Adapter adapter(int rank) {
    return rank == 0
        ? Adapter.full()
        : new Adapter.Lora(rank, 2 * rank, 0, Projection.moduleNames(), 42);
  }

  private static List<Example> long128(String name) {
    List<Example> examples = new ArrayList<>();
    int vocabulary = Math.min(20_000, DeviceBenchmark.SMALL.vocabularySize() - 128);
    for (Example example : ShardFixture.examples(name, 64, vocabulary)) {
      int[] tokens = new int[128];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = example.tokens()[i % example.tokens().length] + i;
      }
      examples.add(new Example(example.id(), tokens, 32));
    }
    return examples;
  }
}
