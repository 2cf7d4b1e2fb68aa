package org.lethe.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.corpus.ShardFixture;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.ShardRow;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.BlurMetric;
import org.lethe.direction.BlurRelative;
import org.lethe.direction.Combination;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.Optimizer;
import org.lethe.direction.OptimizerState;
import org.lethe.direction.Sgd;
import org.lethe.direction.WeightedSum;
import org.lethe.evaluation.DecoderAnswerModel;
import org.lethe.evaluation.EvaluationExample;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Evaluator;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.ModelCache;
import org.lethe.model.ModelDirectory;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.LossInputs;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.objective.RetainLoss;
import org.lethe.run.RunDirectory;
import org.lethe.tensor.FlatVectors;
import org.lethe.tensor.FlatVectors.InnerProducts;
import org.lethe.tensor.NativeBackend;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.lethe.text.Tokenizer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What directions and averaging do on a model that recites its corpus. Run by hand; it asserts
 * nothing. Arguments: what to study (promise, directions, drift), the model directory, the folder
 * of shards that its run made, a working folder, then key=value: rate, steps, batch, seeds, gammas
 * (with commas), new-tokens. Prints rows of a Markdown table.
 */
final class StepStudy {
  private static final double ZERO_NORM = 1e-12;

  private final URI model;
  private final Path folder;
  private final Map<String, String> settings;
  private final List<ShardRow> forget;
  private final List<ShardRow> retain;
  private final DecoderSource source;
  private int runs;

  private StepStudy(String[] arguments) throws IOException {
    model = Path.of(arguments[1]).toUri();
    folder = Files.createDirectories(Path.of(arguments[3]));
    settings = new LinkedHashMap<>();
    for (int i = 4; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      settings.put(pair[0], pair[1]);
    }
    forget = rows(Path.of(arguments[2], "forget"));
    retain = rows(Path.of(arguments[2], "retain"));
    source =
        PretrainedDecoder.of(model, "study", folder.resolve("cache").toString(), Adapter.full());
  }

  public static void main(String[] arguments) throws Exception {
    NativeBackend.prepare();
    StepStudy study = new StepStudy(arguments);
    if (arguments[0].equals("promise")) {
      study.promise();
      return;
    }
    try (JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(
            SparkSession.builder()
                .master("local[4]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()
                .sparkContext())) {
      if (arguments[0].equals("drift")) {
        study.drift(spark);
      } else {
        study.directions(spark);
      }
    }
  }

  // ---- does the applied step keep what the direction promises?

  /**
   * Steps of one worker. After each the first-order change of the forget loss by the new part of
   * the step, as a share of -rate gamma |g_f|_P^2: 1 if the promise is kept.
   */
  private void promise() {
    say(
        "| direction | gamma | steps 1 to 5 | median of the rest | 5 % and 95 % | forget, retain loss |");
    for (double gamma : numbers("gammas", "0.1,1")) {
      for (Direction direction :
          List.of(new Blur(gamma, ZERO_NORM), new BlurMetric(gamma, ZERO_NORM))) {
        promise(direction, gamma);
      }
    }
  }

  private void promise(Direction direction, double gamma) {
    AdamW adamw = new AdamW(number("beta1", 0.9), 0.999, 1e-8, 0);
    Sampler forgetBatches = new Sampler(examples(forget), "forget", integer("batch", 8), 1, 0);
    Sampler retainBatches = new Sampler(examples(retain), "retain", integer("batch", 8), 1, 0);
    List<Double> kept = new ArrayList<>();
    try (Decoder decoder = source.load(new Configuration());
        Gradients f = decoder.newGradients();
        Gradients r = decoder.newGradients();
        OptimizerState state =
            adamw.newState(decoder.layout().size(), decoder.parameters().dataType())) {
      Map<String, Double> reference = new LinkedHashMap<>();
      for (Example example : examples(forget)) {
        reference.put(example.id(), decoder.forward(Batch.of(List.of(example))).sum(0));
      }
      Objective npo =
          new ForgetLoss.NegativePreference(0.1)
              .objective(LossInputs.of(reference::get, Optional.empty()));
      Objective nll = new RetainLoss.NegativeLogLikelihood().objective(Optional.empty());
      LossSum forgetLoss = LossSum.ZERO;
      LossSum retainLoss = LossSum.ZERO;
      for (int step = 0; step < integer("steps", 120); step++) {
        f.clear();
        r.clear();
        forgetLoss = npo.accumulate(decoder, Batch.of(forgetBatches.batch(step)), f);
        retainLoss = nll.accumulate(decoder, Batch.of(retainBatches.batch(step)), r);
        LossGradients gradients =
            new LossGradients(
                Optional.of(new LossGradient(f.flat(), 1.0 / forgetLoss.count())),
                Optional.of(new LossGradient(r.flat(), 1.0 / retainLoss.count())),
                decoder.layout(),
                adamw.metric(state, step, 1));
        Combination d = direction.combine(gradients);
        InnerProducts metric = gradients.metric().products(gradients, d);
        double weight =
            d.terms().get(1).weight() / gradients.forget().orElseThrow().scale(); // of g_f
        kept.add((metric.mixed() + weight * metric.second()) / (gamma * metric.second()));
        adamw.step(decoder.parameters(), d.clipped(1), state, step, number("rate", 5e-4));
      }
      List<Double> rest = kept.stream().skip(5).sorted().toList();
      say(
          String.format(
              Locale.ROOT,
              "| %s | %.2g | %s | %.3f | %.3f, %.3f | %.3f, %.3f |",
              direction.getClass().getSimpleName(),
              gamma,
              kept.stream().limit(5).map(k -> String.format(Locale.ROOT, "%.2f", k)).toList(),
              rest.get(rest.size() / 2),
              rest.get(rest.size() / 20),
              rest.get(rest.size() * 19 / 20),
              forgetLoss.mean(),
              retainLoss.mean()));
    }
  }

  // ---- does it help?

  private void directions(JavaSparkContext spark) throws IOException {
    say("| direction | seed | recites forget | retain | loss forget | retain | seconds |");
    measured("before", 0, source, 0);
    Map<String, Direction> directions = new LinkedHashMap<>();
    directions.put("weighted-sum", new WeightedSum(1, 1));
    for (double gamma : numbers("gammas", "0.1,1")) {
      directions.put("blur, gamma " + gamma, new Blur(gamma, ZERO_NORM));
      directions.put("blur-relative, gamma " + gamma, new BlurRelative(gamma, ZERO_NORM));
      directions.put("blur-metric, gamma " + gamma, new BlurMetric(gamma, ZERO_NORM));
    }
    String only = settings.getOrDefault("only", "");
    int workers = integer("workers", 2);
    for (double seed : numbers("seeds", "1,2,3")) {
      for (Map.Entry<String, Direction> one : directions.entrySet()) {
        if (!one.getKey().contains(only)) {
          continue;
        }
        int localSteps = integer("local-steps", 8);
        TrainingSettings training =
            training(
                one.getValue(),
                adamw(),
                Averaging.PARAMETERS,
                integer("steps", 120) / localSteps,
                localSteps,
                (long) seed);
        long start = System.nanoTime();
        TrainingResult result = train(spark, training, workers);
        double seconds = (System.nanoTime() - start) * 1e-9;
        measured(one.getKey(), (long) seed, new Trained(source, result), seconds);
        result.state().close();
      }
    }
  }

  // ---- averaging

  private void drift(JavaSparkContext spark) throws IOException {
    int batch = integer("batch", 8);
    say("| optimizer | workers | local steps | cosine | relative distance |");
    double gamma = numbers("gammas", "0.1").get(0);
    Map<String, Optimizer> optimizers = new LinkedHashMap<>();
    optimizers.put("sgd", new Sgd(0, 0));
    optimizers.put("adamw", adamw());
    for (Map.Entry<String, Optimizer> optimizer : optimizers.entrySet()) {
      for (int workers : new int[] {1, 2, 4}) {
        for (int h : new int[] {1, 4, 16}) {
          settings.put("batch", String.valueOf(batch / workers));
          Direction blur = new Blur(gamma, ZERO_NORM);
          double rate = number("rate", 5e-4);
          INDArray parameters =
              moved(
                  spark,
                  flat(blur, optimizer.getValue(), Averaging.PARAMETERS, 1, h, rate),
                  workers);
          INDArray gradients =
              moved(
                  spark,
                  flat(blur, optimizer.getValue(), Averaging.GRADIENTS, h, 1, rate),
                  workers);
          InnerProducts products = FlatVectors.innerProducts(parameters, gradients);
          FlatVectors.addScaled(-1, gradients, parameters);
          say(
              String.format(
                  Locale.ROOT,
                  "| %s | %d | %d | %.4f | %.4f |",
                  optimizer.getKey(),
                  workers,
                  h,
                  products.mixed() / Math.sqrt(products.first() * products.second()),
                  Math.sqrt(FlatVectors.squaredNorm(parameters) / products.second())));
        }
      }
    }
    say(
        "| averaging | workers | local steps | seed | recites forget | retain | loss forget | retain | seconds |");
    for (double seed : numbers("seeds", "1")) {
      for (int workers : new int[] {1, 2, 4}) {
        settings.put("batch", String.valueOf(batch / workers));
        for (int h : workers == 1 ? new int[] {1} : new int[] {0, 1, 4, 16}) {
          Averaging averaging = h == 0 ? Averaging.GRADIENTS : Averaging.PARAMETERS;
          int localSteps = Math.max(1, h);
          TrainingSettings training =
              training(
                  new Blur(gamma, ZERO_NORM),
                  adamw(),
                  averaging,
                  integer("steps", 120) / localSteps,
                  localSteps,
                  (long) seed);
          long start = System.nanoTime();
          TrainingResult result = train(spark, training, workers);
          double seconds = (System.nanoTime() - start) * 1e-9;
          measured(
              averaging.name().toLowerCase(Locale.ROOT) + " | " + workers + " | " + localSteps,
              (long) seed,
              new Trained(source, result),
              seconds);
          result.state().close();
        }
      }
    }
    settings.put("batch", String.valueOf(batch));
  }

  /** How far a training moves the parameters. */
  private INDArray moved(JavaSparkContext spark, TrainingSettings training, int workers)
      throws IOException {
    try (TrainingResultHolder result = new TrainingResultHolder(train(spark, training, workers));
        Decoder decoder = source.load(new Configuration())) {
      INDArray moved = result.result().state().parameters().dup();
      FlatVectors.addScaled(-1, decoder.parameters(), moved);
      return moved;
    }
  }

  private record TrainingResultHolder(TrainingResult result) implements AutoCloseable {
    @Override
    public void close() {
      result.state().close();
    }
  }

  // ---- common

  private AdamW adamw() {
    return new AdamW(number("beta1", 0.9), 0.999, 1e-8, 0);
  }

  private TrainingSettings training(
      Direction direction,
      Optimizer optimizer,
      Averaging averaging,
      int rounds,
      int localSteps,
      long seed) {
    int batch = integer("batch", 8);
    return new TrainingSettings(
        new ForgetLoss.NegativePreference(0.1),
        new RetainLoss.NegativeLogLikelihood(),
        direction,
        optimizer,
        new LearningRate.Cosine(number("rate", 5e-4), 10, 0),
        1,
        averaging,
        rounds,
        localSteps,
        batch,
        batch,
        rounds,
        seed);
  }

  /** The same without warm-up, schedule and clipping. */
  private TrainingSettings flat(
      Direction direction,
      Optimizer optimizer,
      Averaging averaging,
      int rounds,
      int localSteps,
      double rate) {
    int batch = integer("batch", 8);
    return new TrainingSettings(
        new ForgetLoss.NegativePreference(0.1),
        new RetainLoss.NegativeLogLikelihood(),
        direction,
        optimizer,
        new LearningRate.Constant(rate, 0),
        Double.POSITIVE_INFINITY,
        averaging,
        rounds,
        localSteps,
        batch,
        batch,
        rounds,
        1);
  }

  private TrainingResult train(JavaSparkContext spark, TrainingSettings training, int workers)
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

  private static List<Example> examples(List<ShardRow> rows) {
    return share(rows, 0, 1);
  }

  private static List<ShardRow> rows(Path set) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(set)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList()) {
        rows.addAll(
            ShardReader.read(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()));
      }
    }
    rows.sort(Comparator.comparing(ShardRow::id));
    return rows;
  }

  /** A decoder with trained parameters. */
  private record Trained(DecoderSource source, TrainingResult result) implements DecoderSource {
    @Override
    public Decoder load(Configuration hadoop) {
      Decoder decoder = source.load(hadoop);
      decoder.parameters().assign(result.state().parameters());
      return decoder;
    }

    @Override
    public String identity() {
      return source.identity();
    }
  }

  private void measured(String name, long seed, DecoderSource trained, double seconds) {
    ModelDirectory directory =
        ModelDirectory.open(model, new ModelCache(folder.resolve("cache"), new Configuration()));
    List<EvaluationExample> examples = new ArrayList<>();
    forget.forEach(row -> examples.add(example("forget", row)));
    retain.forEach(row -> examples.add(example("retain", row)));
    EvaluationSettings how =
        new EvaluationSettings(
            32, Generation.GREEDY, integer("new-tokens", 80), 16, EvaluationSettings.ALL_ROWS, 42);
    ResidentModel.closeIdle();
    try (Decoder decoder = trained.load(new Configuration());
        Tokenizer tokenizer = directory.openTokenizer()) {
      Evaluator evaluator =
          new Evaluator(
              new DecoderAnswerModel(decoder, directory.endTokens(tokenizer), tokenizer::decode),
              how);
      Map<String, Double> figures =
          EvaluationSummary.of(evaluator.evaluate(examples, (a, b, c) -> {}), 1).means();
      say(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.3f | %.3f | %.3f | %.3f | %.0f |",
              name,
              seed,
              figures.get("forget.rouge-l-recall"),
              figures.get("retain.rouge-l-recall"),
              figures.get("forget.loss"),
              figures.get("retain.loss"),
              seconds));
    }
  }

  private static EvaluationExample example(String set, ShardRow row) {
    return new EvaluationExample(set, row.task(), row.prompt(), row.completion(), row.toExample());
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private double number(String key, double otherwise) {
    return Double.parseDouble(settings.getOrDefault(key, String.valueOf(otherwise)));
  }

  private int integer(String key, int otherwise) {
    return Integer.parseInt(settings.getOrDefault(key, String.valueOf(otherwise)));
  }

  private List<Double> numbers(String key, String otherwise) {
    return Stream.of(settings.getOrDefault(key, otherwise).split(","))
        .map(Double::parseDouble)
        .toList();
  }
}
