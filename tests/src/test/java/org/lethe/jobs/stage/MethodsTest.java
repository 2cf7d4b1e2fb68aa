package org.lethe.jobs.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.SparkFixture;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.training.Training;
import org.lethe.cluster.training.TrainingListener;
import org.lethe.cluster.training.TrainingPlan;
import org.lethe.cluster.training.TrainingResult;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.compute.Vectors;
import org.lethe.corpus.ShardFixture;
import org.lethe.direction.AdamW;
import org.lethe.direction.Combination;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.OptimizerState;
import org.lethe.direction.WeightedSum;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.UnlearnPlan;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.objective.LossInputs;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.objective.RetainLoss;
import org.lethe.run.RunDirectory;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;

/** Runs every published method of conf/methods and every direction on a tiny model. */
final class MethodsTest {
  private static final List<Example> FORGET = ShardFixture.examples("forget", 12, 64);
  private static final List<Example> RETAIN = ShardFixture.examples("retain", 12, 64);
  private static final List<Example> ALTERNATIVES =
      IntStream.range(0, FORGET.size()).mapToObj(MethodsTest::alternative).toList();

  /** A forget example's prompt with another example's completion. */
  private static Example alternative(int i) {
    Example example = FORGET.get(i);
    Example other = FORGET.get((i + 5) % FORGET.size());
    int prompt = example.promptTokens();
    int[] tokens = Arrays.copyOf(example.tokens(), prompt + other.completionTokens());
    System.arraycopy(
        other.tokens(), other.promptTokens(), tokens, prompt, other.completionTokens());
    return new Example(example.id(), tokens, prompt);
  }

  /** Keys that fit a method to a model of two layers and 32 dimensions. */
  private static final Map<String, List<String>> OWN =
      Map.of(
          "rmu.conf",
          List.of("lethe.model.train=[\"layers.{0,1}.mlp.down_proj.weight\"]"),
          "repselect.conf",
          List.of(
              "lethe.unlearn.micro-batch-size=4",
              "lethe.unlearn.learning-rate.peak=1",
              "lethe.unlearn.forget-gradient.selection.components=8"));

  @TempDir private Path folder;

  static Stream<Path> published() throws IOException {
    Path methods = Path.of(System.getProperty("lethe.repository"), "conf", "methods");
    try (Stream<Path> files = Files.list(methods)) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("published")
  void twoRoundsOfAPublishedMethodLowerItsForgetLoss(Path file) {
    lowersItsForgetLoss(settings(List.of(file), List.of()));
  }

  @ParameterizedTest
  @CsvSource({"blur-barrier", "blur-metric", "blur-relative", "blur-scaled", "blur-swapped"})
  void twoRoundsOfAnotherFormOfBlurLowerTheForgetLoss(String direction) {
    lowersItsForgetLoss(
        settings(
            List.of(),
            List.of(
                "lethe.unlearn.direction=" + direction,
                // With the published 1200, two steps forget next to nothing.
                "lethe.unlearn.blur.alpha=2",
                "lethe.unlearn.local-steps=1")));
  }

  private void lowersItsForgetLoss(UnlearnPlan.Rounds method) {
    TrainingSettings settings = method.settings();
    Tiny tiny = new Tiny(method.adapter());
    assertThat(method.alternatives().isPresent())
        .isEqualTo(settings.forgetLoss().usesAlternatives());
    TrainingResult result =
        Training.run(SparkFixture.context(), plan(tiny, settings), TrainingListener.NONE);

    assertThat(result.metrics()).hasSize(2);
    try (Decoder initial = tiny.load(new Configuration());
        Decoder trained = tiny.load(new Configuration());
        Gradients ignored = trained.newGradients()) {
      trained.parameters().math().copy(result.state().parameters(), trained.parameters());
      Batch batch = Batch.of(FORGET);
      double[] sums = initial.forward(batch).sums();
      double[] others = initial.forward(Batch.of(ALTERNATIVES)).sums();
      double known = Arrays.stream(sums).sum();
      Objective loss =
          settings
              .forgetLoss()
              .objective(
                  new LossInputs(
                          id -> sums[number(id)],
                          Optional.of(initial),
                          example -> ALTERNATIVES.get(number(example.id())),
                          id -> others[number(id)])
                      // A scorer of zeros: the same weight for every token.
                      .with(initial.parameters().math().zeros(initial.parameters().length())));
      double before = loss.accumulate(initial, batch, ignored).mean();
      double after = loss.accumulate(trained, batch, ignored).mean();

      assertThat(known)
          .as("nats of what the model knew")
          .isLessThan(0.5 * batch.completionTokens());
      assertThat(after).isLessThan(before - 1e-6 * Math.abs(before));
      // With any loss, the forget set is less likely afterwards.
      assertThat(Arrays.stream(trained.forward(batch).sums()).sum()).isGreaterThan(known);
    }
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring("forget-".length()));
  }

  @Test
  void withoutARetainLossOnlyTheForgetWeightRemains() {
    UnlearnPlan.Rounds method =
        settings(
            List.of(),
            List.of("lethe.unlearn.retain-loss=none", "lethe.unlearn.direction=weighted-sum"));

    assertThat(method.settings().direction().usesRetain()).isFalse();
  }

  @Test
  void aDirectionOfTwoGradientsNeedsARetainLoss() {
    ConfigurationReader reader =
        org.lethe.jobs.config.Configuration.load(
                List.of(), List.of("lethe.unlearn.retain-loss=none"))
            .reader();
    RunPlan.read(reader, List.of(Stage.UNLEARN));

    assertThatThrownBy(reader::done)
        .hasMessageContaining("lethe.unlearn.direction = \"blur\"")
        .hasMessageContaining("expected weighted-sum, since there is no retain loss");
  }

  /** The file's settings with steps large enough for this model: two rounds, rate 1e-3. */
  private static UnlearnPlan.Rounds settings(List<Path> files, List<String> overrides) {
    List<String> all =
        Stream.concat(
                overrides.stream(),
                Stream.of(
                    "lethe.model.path=/none",
                    "lethe.unlearn.rounds=2",
                    "lethe.unlearn.batch-size=12",
                    "lethe.unlearn.learning-rate.schedule=constant",
                    "lethe.unlearn.learning-rate.warm-up-steps=0",
                    "lethe.unlearn.learning-rate.peak=1e-3",
                    // The model has two layers; published methods read the eighth.
                    "lethe.unlearn.rmu.layer=1"))
            .toList();
    List<String> own =
        files.stream()
            .flatMap(file -> OWN.getOrDefault(file.getFileName().toString(), List.of()).stream())
            .toList();
    ConfigurationReader reader =
        org.lethe.jobs.config.Configuration.load(
                files, Stream.concat(all.stream(), own.stream()).toList())
            .reader();
    RunPlan plan = RunPlan.read(reader, List.of(Stage.UNLEARN));
    reader.done();
    return (UnlearnPlan.Rounds) plan.unlearn().orElseThrow();
  }

  private TrainingPlan plan(DecoderSource source, TrainingSettings settings) {
    WorkerShards shards =
        new WorkerShards(
            List.of(ShardFixture.write(folder.resolve("shards/forget/0.parquet"), FORGET)),
            List.of(ShardFixture.write(folder.resolve("shards/retain/0.parquet"), RETAIN)),
            List.of(
                ShardFixture.write(folder.resolve("shards/alternatives/0.parquet"), ALTERNATIVES)));
    return new TrainingPlan(
        source,
        List.of(shards),
        settings,
        RunDirectory.at(folder.toUri().toString(), new Configuration()));
  }

  /** A model that knows both sets by heart. */
  private record Tiny(Adapter adapter) implements DecoderSource {
    private static final Architecture CONFIG =
        new LlamaConfig(32, 48, 2, 2, 2, 16, 64, 64, 1e-5, 10000, Optional.empty(), true, Set.of())
            .architecture();
    private static final Map<String, double[]> WEIGHTS = learned();

    private static Decoder fresh() {
      return Decoder.load(CONFIG, Adapter.full(), DataType.FLOAT, new RandomWeights(11));
    }

    private static Map<String, double[]> learned() {
      AdamW adamw = new AdamW(0.9, 0.999, 1e-8, 0);
      Batch all = Batch.of(Stream.concat(FORGET.stream(), RETAIN.stream()).toList());
      Objective nll = new RetainLoss.NegativeLogLikelihood().objective(Optional.empty());
      try (Decoder decoder = fresh();
          Gradients gradients = decoder.newGradients();
          OptimizerState state = adamw.newState(decoder.parameters())) {
        for (int step = 0; step < 150; step++) {
          gradients.clear();
          LossSum loss = nll.accumulate(decoder, all, gradients);
          LossGradient gradient = new LossGradient(gradients.flat(), 1.0 / loss.count());
          Combination direction =
              new WeightedSum(0, 1)
                  .combine(
                      new LossGradients(Optional.empty(), Optional.of(gradient), decoder.layout()));
          adamw.step(decoder.parameters(), direction, state, step, 1e-2);
        }
        Map<String, double[]> weights = new HashMap<>();
        decoder.forEachTensor((name, array) -> weights.put(name, Vectors.values(array)));
        return weights;
      }
    }

    @Override
    public Decoder load(Configuration hadoop) {
      return Decoder.load(
          CONFIG,
          adapter,
          DataType.FLOAT,
          new WeightSource() {
            @Override
            public boolean contains(String name) {
              return WEIGHTS.containsKey(name);
            }

            @Override
            public void read(String name, TensorValues target) {
              double[] values = WEIGHTS.get(name);
              target.put(0, values, 0, values.length);
            }
          });
    }

    @Override
    public String identity() {
      return toString();
    }
  }
}
