package org.lethe.cluster.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.ResidentModel;
import org.lethe.compute.Vectors;
import org.lethe.evaluation.EvaluationExample;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.ProgressListener;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.tensor.Dtype;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;
import org.lethe.text.TokenizerTrainer;
import org.lethe.text.TrainedTokenizer;
import org.nd4j.linalg.api.buffer.DataType;

/** A small real model in the Hugging Face layout, evaluated on Spark. */
final class EvaluationDecoderTest {
  @TempDir Path folder;

  private record DirectorySource(String path) implements DecoderSource {
    @Override
    public Decoder load(Configuration hadoop) {
      ModelDirectory directory = ModelDirectory.open(Path.of(path));
      return Decoder.load(directory.architecture(), Adapter.full(), DataType.FLOAT, directory);
    }

    @Override
    public String identity() {
      return path;
    }
  }

  @AfterEach
  void closeModels() {
    ResidentModel.closeIdle();
  }

  @Test
  void twoWorkersGiveTheRowsOfOneByteForByte() {
    Path model = writeModel();
    Map<String, List<String>> shards =
        Map.of(
            "forget", EvaluationShards.write(examples(model, "forget"), 2, folder, "forget"),
            "retain", EvaluationShards.write(examples(model, "retain"), 1, folder, "retain"));

    EvaluationSummary one = evaluate(model, shards, 1);
    EvaluationSummary two = evaluate(model, shards, 2);

    assertThat(two).isEqualTo(one);
    assertThat(folder.resolve("workers-2/rows.parquet"))
        .hasSameBinaryContentAs(folder.resolve("workers-1/rows.parquet"));
    // With random weights, the loss of a token is about the logarithm of the vocabulary.
    assertThat(one.figure("forget.loss").mean()).isBetween(4.0, 8.0);
    assertThat(one.figure("retain.exact-match").mean()).isZero();
    assertThat(one.figure("retain.extraction-strength").count()).isEqualTo(12);
  }

  private EvaluationSummary evaluate(Path model, Map<String, List<String>> shards, int workers) {
    return EvaluationStage.run(
        SparkFixture.context(),
        new EvaluationRequest(
            shards,
            new EvaluationDecoderSource(
                new DirectorySource(model.toString()),
                model.toUri().toString(),
                folder.resolve("cache").toString()),
            new EvaluationSettings(4, Generation.GREEDY, 12, 4, EvaluationSettings.ALL_ROWS, 1),
            folder.resolve("workers-" + workers).toUri().toString(),
            workers),
        ProgressListener.SILENT);
  }

  private Path writeModel() {
    TrainedTokenizer tokenizer =
        TokenizerTrainer.train(
            IntStream.range(0, 12).mapToObj(EvaluationDecoderTest::text).iterator(), 300);
    LlamaConfig config =
        new LlamaConfig(16, 32, 2, 4, 2, 4, 300, 64, 1e-5, 10000, Optional.empty(), true, Set.of());
    Path target = folder.resolve("model");
    try (Decoder decoder =
        Decoder.load(config.architecture(), Adapter.full(), DataType.FLOAT, new RandomWeights(1))) {
      Vectors.scale(4, decoder.parameters());
      new ModelDirectoryWriter(new Configuration())
          .writeNew(
              URI.create(target.toUri().toString()),
              config,
              Dtype.F32,
              tokenizer,
              decoder::forEachTensor);
    }
    return target;
  }

  private static List<EvaluationExample> examples(Path model, String set) {
    try (Tokenizer tokenizer = ModelDirectory.open(model).openTokenizer()) {
      ExampleEncoder encoder = new ExampleEncoder(tokenizer, PromptTemplate.raw());
      return IntStream.range(0, 12)
          .mapToObj(
              i -> {
                String prompt = text(i);
                String answer = "On day " + i * i + ".";
                return new EvaluationExample(
                    set,
                    "",
                    prompt,
                    answer,
                    encoder.encode(set + "-" + i, prompt, answer, 48).example());
              })
          .toList();
    }
  }

  private static String text(int i) {
    return "When was person number " + i + " born?" + " Do tell.".repeat(i % 3);
  }
}
