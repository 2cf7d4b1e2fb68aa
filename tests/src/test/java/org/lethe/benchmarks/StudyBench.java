package org.lethe.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.cluster.training.Training;
import org.lethe.cluster.training.TrainingListener;
import org.lethe.cluster.training.TrainingPlan;
import org.lethe.cluster.training.TrainingResult;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.compute.Products;
import org.lethe.compute.selection.BackendSettings;
import org.lethe.corpus.ShardFixture;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.ShardRow;
import org.lethe.evaluation.DecoderAnswerModel;
import org.lethe.evaluation.EvaluationExample;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Evaluator;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.run.RunDirectory;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.lethe.text.Tokenizer;

/** A model, its shards and the settings of a study. Trains from them and measures the outcome. */
final class StudyBench {
  private final URI model;
  private final Path folder;
  private final Map<String, String> settings;
  private final List<ShardRow> forget;
  private final List<ShardRow> retain;
  private final PretrainedDecoder source;
  private int runs;

  /** Arguments: model directory, folder of shards, working folder, then key=value. */
  StudyBench(List<String> arguments) throws IOException {
    model = Path.of(arguments.get(0)).toUri();
    folder = Files.createDirectories(Path.of(arguments.get(2)));
    settings = new LinkedHashMap<>();
    for (String setting : arguments.subList(3, arguments.size())) {
      String[] pair = setting.split("=", 2);
      settings.put(pair[0], pair[1]);
    }
    int most = integer("rows", Integer.MAX_VALUE);
    forget = rows(Path.of(arguments.get(1), "forget"), most);
    retain = rows(Path.of(arguments.get(1), "retain"), most);
    String train = text("train", "");
    Adapter adapter =
        train.isEmpty() ? Adapter.full() : new Adapter.Chosen(List.of(train.split(" ")));
    Products products = Products.valueOf(text("products", "float").toUpperCase(Locale.ROOT));
    source =
        PretrainedDecoder.of(model, "study", folder.resolve("cache").toString(), adapter)
            .on(new BackendSettings(BackendSettings.Choice.AUTO, products, ""));
  }

  DecoderSource source() {
    return source;
  }

  /** The same model, of which an adapter chooses the trained weights. */
  DecoderSource source(Adapter adapter) {
    return new PretrainedDecoder(
        source.model(),
        source.digest(),
        source.cache(),
        adapter,
        source.factors(),
        source.backend(),
        source.activations());
  }

  /** Writes a changed copy of the model. */
  void write(Path target, Decoder decoder) {
    new ModelDirectoryWriter(new Configuration())
        .write(target.toUri(), directory(), decoder::forEachTensor);
  }

  /** Returns the tokens of a text in front of a row. */
  Example behind(String text, Example row) {
    try (Tokenizer tokenizer = directory().openTokenizer()) {
      int[] front = tokenizer.encode(text);
      int[] tokens = Arrays.copyOf(front, front.length + row.tokens().length);
      System.arraycopy(row.tokens(), 0, tokens, front.length, row.tokens().length);
      return new Example(row.id(), tokens, front.length + row.promptTokens());
    }
  }

  /** The forget rows with their texts, in the order of {@link #forget}. */
  List<ShardRow> forgetRows() {
    return forget;
  }

  private ModelDirectory directory() {
    return weights(model);
  }

  /** Returns the weights of another model directory. */
  ModelDirectory weights(URI other) {
    return ModelDirectory.open(other, new ModelCache(folder.resolve("cache"), new Configuration()));
  }

  List<Example> forget() {
    return share(forget, 0, 1);
  }

  List<Example> retain() {
    return share(retain, 0, 1);
  }

  /** Trains one worker without Spark, which is much faster for a model of this size. */
  Outcome trained(TrainingSettings training) {
    try (Decoder decoder = source.load(new Configuration())) {
      LocalSteps.train(decoder, training, forget(), retain(), reference(decoder));
      return outcome(decoder);
    }
  }

  /** Returns the loss of each forget row under the model, by id, which NPO needs. */
  Map<String, Double> reference(Decoder decoder) {
    Map<String, Double> reference = new LinkedHashMap<>();
    for (Example example : forget()) {
      reference.put(example.id(), decoder.forward(Batch.of(List.of(example))).sum(0));
    }
    return reference;
  }

  /** Returns a refusal of each forget row's prompt, by id, which JensUn needs. */
  Map<String, Example> refusals() {
    Map<String, Example> refusals = new LinkedHashMap<>();
    try (Tokenizer tokenizer = directory().openTokenizer()) {
      int[] refusal = tokenizer.encode(" No idea");
      for (Example example : forget()) {
        int prompt = example.promptTokens();
        int[] tokens = Arrays.copyOf(example.tokens(), prompt + refusal.length + 1);
        System.arraycopy(refusal, 0, tokens, prompt, refusal.length);
        tokens[tokens.length - 1] = tokenizer.endToken();
        refusals.put(example.id(), new Example(example.id(), tokens, prompt));
      }
    }
    return refusals;
  }

  TrainingResult train(JavaSparkContext spark, TrainingSettings training, int workers)
      throws IOException {
    Path run = Files.createDirectories(folder.resolve("run-" + runs++));
    List<WorkerShards> shards = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      shards.add(
          new WorkerShards(
              List.of(
                  ShardFixture.write(run.resolve("f" + worker), share(forget, worker, workers))),
              List.of(
                  ShardFixture.write(run.resolve("r" + worker), share(retain, worker, workers)))));
    }
    return Training.run(
        spark,
        new TrainingPlan(
            source,
            shards,
            training,
            RunDirectory.at(run.resolve("run").toUri().toString(), new Configuration())),
        TrainingListener.NONE);
  }

  private static List<Example> share(List<ShardRow> rows, int worker, int workers) {
    List<Example> share = new ArrayList<>();
    for (int i = worker; i < rows.size(); i += workers) {
      share.add(rows.get(i).toExample());
    }
    return share;
  }

  private static List<ShardRow> rows(Path set, int most) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(set)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList()) {
        rows.addAll(
            ShardReader.read(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()));
      }
    }
    rows.sort(Comparator.comparing(ShardRow::id));
    return rows.subList(0, Math.min(most, rows.size()));
  }

  /** A decoder with trained parameters. */
  private record Trained(DecoderSource source, TrainingResult result) implements DecoderSource {
    @Override
    public Decoder load(Configuration hadoop) {
      Decoder decoder = source.load(hadoop);
      decoder.parameters().math().copy(result.state().parameters(), decoder.parameters());
      return decoder;
    }

    @Override
    public String identity() {
      return source.identity();
    }
  }

  /**
   * Figures of a model on the two sets.
   *
   * @param forgetRecall ROUGE-L recall of the model's answers; NaN without generation
   * @param forgetLoss nats per token of the true answers
   */
  record Outcome(double forgetRecall, double retainRecall, double forgetLoss, double retainLoss) {
    static String row(List<Outcome> seeds) {
      return Stream.<ToDoubleFunction<Outcome>>of(
              Outcome::forgetLoss,
              Outcome::retainLoss,
              Outcome::forgetRecall,
              Outcome::retainRecall)
          .map(figure -> range(seeds.stream().mapToDouble(figure).sorted().toArray()))
          .collect(Collectors.joining(" | "));
    }

    private static String range(double[] sorted) {
      if (Double.isNaN(sorted[0])) {
        return "";
      }
      double mean = DoubleStream.of(sorted).average().orElseThrow();
      return sorted.length == 1
          ? String.format(Locale.ROOT, "%.3f", mean)
          : String.format(
              Locale.ROOT, "%.3f (%.3f to %.3f)", mean, sorted[0], sorted[sorted.length - 1]);
    }
  }

  static final String OUTCOME_HEAD =
      "forget loss | retain loss | forget ROUGE-L recall | retain ROUGE-L recall";

  /** Outcome of the model with which all studies begin. */
  Outcome before() {
    return outcome(source);
  }

  Outcome outcome(TrainingResult result) {
    return outcome(new Trained(source, result));
  }

  private Outcome outcome(DecoderSource trained) {
    ResidentModel.closeIdle();
    try (Decoder decoder = trained.load(new Configuration())) {
      return outcome(decoder);
    }
  }

  private Outcome outcome(Decoder decoder) {
    ModelDirectory directory = directory();
    List<EvaluationExample> examples = new ArrayList<>();
    forget.forEach(row -> examples.add(example("forget", row)));
    retain.forEach(row -> examples.add(example("retain", row)));
    Generation generation =
        Generation.valueOf(settings.getOrDefault("generation", "none").toUpperCase(Locale.ROOT));
    EvaluationSettings how =
        new EvaluationSettings(
            32, generation, integer("new-tokens", 80), 16, EvaluationSettings.ALL_ROWS, 42);
    try (Tokenizer tokenizer = directory.openTokenizer()) {
      Evaluator evaluator =
          new Evaluator(
              new DecoderAnswerModel(decoder, directory.endTokens(tokenizer), tokenizer::decode),
              how);
      Map<String, Double> figures =
          EvaluationSummary.of(evaluator.evaluate(examples, (a, b, c) -> {}), 1).states().means();
      return new Outcome(
          figures.getOrDefault("forget.rouge-l-recall", Double.NaN),
          figures.getOrDefault("retain.rouge-l-recall", Double.NaN),
          figures.get("forget.loss"),
          figures.get("retain.loss"));
    }
  }

  private static EvaluationExample example(String set, ShardRow row) {
    return new EvaluationExample(set, row.task(), row.prompt(), row.completion(), row.toExample());
  }

  static void say(String line) {
    System.out.println(line);
  }

  String text(String key, String otherwise) {
    return settings.getOrDefault(key, otherwise);
  }

  double number(String key, double otherwise) {
    return Double.parseDouble(settings.getOrDefault(key, String.valueOf(otherwise)));
  }

  int integer(String key, int otherwise) {
    return Integer.parseInt(settings.getOrDefault(key, String.valueOf(otherwise)));
  }

  List<Double> numbers(String key, String otherwise) {
    return Stream.of(settings.getOrDefault(key, otherwise).split(","))
        .map(Double::parseDouble)
        .toList();
  }
}
