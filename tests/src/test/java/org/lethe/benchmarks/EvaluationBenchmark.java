package org.lethe.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.lethe.SparkFixture;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.EvaluationDecoderSource;
import org.lethe.cluster.evaluation.EvaluationModelSource;
import org.lethe.cluster.evaluation.EvaluationRequest;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.benchmark.BenchmarkShards;
import org.lethe.corpus.benchmark.TofuData;
import org.lethe.evaluation.AnswerModel;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.GeneratedTokens;
import org.lethe.evaluation.ProgressListener;
import org.lethe.evaluation.TokenScores;
import org.lethe.evaluation.benchmark.BenchmarkItem;
import org.lethe.model.Adapter;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.lethe.text.TextSettings;

/**
 * Measures an evaluation of TOFU's forget questions with greedy answers, and the share of time
 * outside the model: Spark, files, decoding, metrics and intervals. Run by hand; asserts nothing.
 * Arguments: model directory, TOFU's folder, folder, rows.
 */
final class EvaluationBenchmark {
  private static final AtomicLong SCORING = new AtomicLong();
  private static final AtomicLong GENERATING = new AtomicLong();
  private static final AtomicLong TOKENS = new AtomicLong();

  private EvaluationBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[2]));
    String model = Path.of(arguments[0]).toUri().toString();
    String cache = folder.resolve("cache").toString();
    int rows = Integer.parseInt(arguments[3]);
    Configuration hadoop = new Configuration();
    List<BenchmarkItem> items =
        new TofuData(Path.of(arguments[1]).toUri(), "forget10", Optional.empty(), rows)
            .items(hadoop).stream().filter(item -> item.set().equals("forget")).toList();
    String shard =
        BenchmarkShards.write(
                items,
                new TokenizerSource(Path.of(arguments[0]).toUri(), cache, TextSettings.DEFAULT),
                256,
                Map.of(),
                new org.apache.hadoop.fs.Path(folder.resolve("shards").toUri()),
                hadoop)
            .get("forget")
            .toString();
    EvaluationRequest request =
        new EvaluationRequest(
            Map.of("forget", List.of(shard)),
            new TimedSource(
                new EvaluationDecoderSource(
                    PretrainedDecoder.of(Path.of(arguments[0]).toUri(), "", cache, Adapter.full()),
                    model,
                    cache)),
            new EvaluationSettings(
                32, EvaluationSettings.Generation.GREEDY, 200, 16, EvaluationSettings.ALL_ROWS, 42),
            folder.resolve("out").toUri().toString(),
            1);
    for (int run = 1; run <= 3; run++) {
      SCORING.set(0);
      GENERATING.set(0);
      TOKENS.set(0);
      long start = System.nanoTime();
      EvaluationStage.run(SparkFixture.context(), request, ProgressListener.SILENT);
      double all = System.nanoTime() - start;
      System.out.printf(
          "%s %d: %d rows in %.2f s: scoring %.2f s, generating %.2f s for %d tokens (%.0f"
              + " tokens/s), rest %.3f s (%.1f %%)%n",
          run == 1 ? "run with loading" : "run",
          run,
          items.size(),
          all / 1e9,
          SCORING.get() / 1e9,
          GENERATING.get() / 1e9,
          TOKENS.get(),
          TOKENS.get() / (GENERATING.get() / 1e9),
          (all - SCORING.get() - GENERATING.get()) / 1e9,
          100 * (all - SCORING.get() - GENERATING.get()) / all);
    }
  }

  /** Measures the time spent in the model. Works in a single JVM. */
  private record TimedSource(EvaluationDecoderSource source) implements EvaluationModelSource {
    @Override
    public <T> T use(Configuration hadoop, Function<AnswerModel, T> work) {
      return source.use(hadoop, model -> work.apply(new Timed(model)));
    }
  }

  private record Timed(AnswerModel model) implements AnswerModel {
    @Override
    public List<TokenScores> score(Batch batch) {
      long start = System.nanoTime();
      List<TokenScores> scores = model.score(batch);
      SCORING.addAndGet(System.nanoTime() - start);
      return scores;
    }

    @Override
    public double[] gradientNorms(List<Example> examples) {
      return model.gradientNorms(examples);
    }

    @Override
    public List<GeneratedTokens> generate(List<int[]> prompts, int[] limits) {
      long start = System.nanoTime();
      List<GeneratedTokens> texts = model.generate(prompts, limits);
      GENERATING.addAndGet(System.nanoTime() - start);
      texts.forEach(text -> TOKENS.addAndGet(text.tokens().length));
      return texts;
    }

    @Override
    public String decode(int[] tokens) {
      return model.decode(tokens);
    }
  }
}
