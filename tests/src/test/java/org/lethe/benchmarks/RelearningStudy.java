package org.lethe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.corpus.SyntheticBiographies;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.WeightedSum;
import org.lethe.evaluation.attack.AttackSettings.Teaching;
import org.lethe.evaluation.attack.Lesson;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.HiddenPlace;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.objective.ActivationMeasure;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;
import org.lethe.tensor.NativeBackend;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;
import org.lethe.text.TokenizerTrainer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What relearning brings back after four methods of unlearning. A small model learns invented
 * people by heart; the control learns the retain rows only. Each method's rate is chosen with the
 * first seed: the one that keeps most among those that forget. Then half of the forget rows are
 * taught again, as `lethe attack` does, and the other half is measured. Run by hand; asserts
 * nothing.
 *
 * <p>Arguments: the CSV file, and the beginning of each line (date, commit and machine, separated
 * by commas).
 */
public final class RelearningStudy {
  private static final String HEAD =
      "date,commit,machine,method,seed,rate,relearning_rate,retain_loss,forgotten_percent,"
          + "relearned_percent,taught_percent,ratio\n";
  private static final int PEOPLE = 12;
  private static final int VOCABULARY = 512;
  private static final int LONGEST = 96;
  private static final int STEPS = 48;
  private static final int BATCH = 8;
  private static final double FORGOTTEN = 0.05;
  private static final double[] RATES = {1e-3, 2e-3, 4e-3};
  private static final double[] RELEARNING_RATES = {2e-5, 2e-4, 2e-3};
  private static final long[] SEEDS = {1, 2, 3};
  private static final Teaching BY_HEART = new Teaching(0.5, 1000, 40, 2e-3, BATCH, BATCH);

  private final Path file;
  private final String line;
  private final Architecture architecture;
  private final List<Example> forget;
  private final List<Example> retain;
  private final List<Example> taught = new ArrayList<>();
  private final List<Example> heldBack = new ArrayList<>();

  private record Method(ForgetLoss forget, RetainLoss retain, Direction direction) {}

  private RelearningStudy(Path file, String line, Path folder) {
    this.file = file;
    this.line = line;
    SyntheticBiographies people = SyntheticBiographies.of(PEOPLE, 1);
    TokenizerTrainer.train(
            Stream.of(CorpusSet.values())
                .flatMap(set -> people.entries(set).stream())
                .flatMap(entry -> Stream.of(entry.input(), entry.output()))
                .iterator(),
            VOCABULARY)
        .writeTo(folder);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      ExampleEncoder encoder = new ExampleEncoder(tokenizer, PromptTemplate.raw());
      forget = examples(people.entries(CorpusSet.FORGET), encoder);
      retain = examples(people.entries(CorpusSet.RETAIN), encoder);
      architecture =
          new LlamaConfig(
                  64,
                  160,
                  3,
                  4,
                  2,
                  16,
                  VOCABULARY,
                  128,
                  1e-5,
                  10_000,
                  Optional.empty(),
                  true,
                  Set.of())
              .architecture();
    }
    for (int i = 0; i < forget.size(); i++) {
      (i % 2 == 0 ? taught : heldBack).add(forget.get(i));
    }
  }

  private static List<Example> examples(
      List<SyntheticBiographies.Entry> entries, ExampleEncoder encoder) {
    return entries.stream()
        .map(e -> encoder.encode(e.id(), e.input(), e.output(), LONGEST).example())
        .toList();
  }

  public static void main(String[] arguments) throws IOException {
    NativeBackend.prepare();
    Path file = Path.of(arguments[0]);
    Files.writeString(file, HEAD);
    Path folder = Files.createTempDirectory(file.toAbsolutePath().getParent(), "tokenizer");
    new RelearningStudy(file, arguments[1], folder).run();
  }

  private static Map<String, Method> methods() {
    RetainLoss likelihood = new RetainLoss.NegativeLogLikelihood();
    HiddenPlace place = new HiddenPlace(1, HiddenPlace.Tokens.ALL);
    Map<String, Method> methods = new LinkedHashMap<>();
    methods.put(
        "BLUR over NPO, gamma 0.1",
        new Method(new ForgetLoss.NegativePreference(0.1), likelihood, new Blur(0.1, 1e-12)));
    methods.put(
        "NPO",
        new Method(new ForgetLoss.NegativePreference(0.1), likelihood, new WeightedSum(1, 1)));
    methods.put(
        "SimNPO",
        new Method(
            new ForgetLoss.SimpleNegativePreference(4.5, 0), likelihood, new WeightedSum(1, 1)));
    methods.put(
        "RMU",
        new Method(
            new ForgetLoss.Steering(place, 20, ActivationMeasure.SQUARED_NORM, 1),
            new RetainLoss.ActivationMatch(place, ActivationMeasure.SQUARED_NORM),
            new WeightedSum(1, 1)));
    return methods;
  }

  private void run() throws IOException {
    List<Example> both = new ArrayList<>(forget);
    both.addAll(retain);
    try (Decoder target = load();
        Decoder control = load();
        Decoder unlearned = load();
        Decoder decoder = load()) {
      new Lesson(shuffled(both), BY_HEART).teach(target);
      new Lesson(shuffled(retain), BY_HEART).teach(control);
      double[] controlGains = new double[RELEARNING_RATES.length];
      for (int i = 0; i < RELEARNING_RATES.length; i++) {
        copy(control, decoder);
        controlGains[i] = relearn(decoder, "never saw the rows", "", "", i, Double.NaN);
      }
      copy(target, decoder);
      write("target, before", "", "", "", decoder, belief(decoder, heldBack), "", "", "");
      for (Map.Entry<String, Method> method : methods().entrySet()) {
        double rate = chosen(method.getValue(), target, decoder);
        for (long seed : SEEDS) {
          unlearn(method.getValue(), rate, seed, target, unlearned);
          for (int i = 0; i < RELEARNING_RATES.length; i++) {
            copy(unlearned, decoder);
            relearn(decoder, method.getKey(), String.valueOf(seed), rate(rate), i, controlGains[i]);
          }
        }
      }
    }
  }

  private Decoder load() {
    return Decoder.load(architecture, Adapter.full(), DataType.FLOAT, new RandomWeights(1));
  }

  private static void copy(Decoder from, Decoder to) {
    to.parameters().math().copy(from.parameters(), to.parameters());
  }

  /** Rows of a person far from each other. */
  private static List<Example> shuffled(List<Example> rows) {
    List<Example> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(1));
    return shuffled;
  }

  private double chosen(Method method, Decoder target, Decoder decoder) {
    double best = RATES[0];
    double bestForget = Double.POSITIVE_INFINITY;
    double bestRetain = Double.POSITIVE_INFINITY;
    for (double rate : RATES) {
      unlearn(method, rate, SEEDS[0], target, decoder);
      double known = Math.max(FORGOTTEN, belief(decoder, forget));
      double kept = loss(decoder, retain);
      if (known < bestForget || (known == bestForget && kept < bestRetain)) {
        best = rate;
        bestForget = known;
        bestRetain = kept;
      }
    }
    return best;
  }

  private void unlearn(Method method, double rate, long seed, Decoder target, Decoder decoder) {
    copy(target, decoder);
    Map<String, Double> reference = new LinkedHashMap<>();
    for (Example example : forget) {
      reference.put(example.id(), target.forward(Batch.of(List.of(example))).sum(0));
    }
    LocalSteps.train(
        decoder,
        new TrainingSettings(
            method.forget(),
            method.retain(),
            method.direction(),
            new AdamW(0.9, 0.999, 1e-8, 0),
            new LearningRate.Cosine(rate, 10, 0),
            1,
            Averaging.PARAMETERS,
            1,
            STEPS,
            BATCH,
            BATCH,
            1,
            seed),
        forget,
        retain,
        reference,
        Optional.of(target));
  }

  /** Teaches the rows, writes the figures, and returns the gain on those held back. */
  private double relearn(
      Decoder decoder, String method, String seed, String rate, int index, double controlGain)
      throws IOException {
    double before = belief(decoder, heldBack);
    double kept = loss(decoder, retain);
    new Lesson(taught, new Teaching(0.5, 1000, 1, RELEARNING_RATES[index], 32, BATCH))
        .teach(decoder);
    double after = belief(decoder, heldBack);
    double gain = after - before;
    String ratio =
        Double.isNaN(controlGain)
            ? ""
            : String.format(
                Locale.ROOT, "%.3f", gain <= 0 ? 1 : Math.max(0, Math.min(1, controlGain / gain)));
    append(
        method,
        seed,
        rate,
        rate(RELEARNING_RATES[index]),
        String.format(Locale.ROOT, "%.3f", kept),
        percent(before),
        percent(after),
        percent(belief(decoder, taught)),
        ratio);
    return gain;
  }

  private void write(
      String method,
      String seed,
      String rate,
      String relearning,
      Decoder decoder,
      double before,
      String after,
      String taughtAfter,
      String ratio)
      throws IOException {
    append(
        method,
        seed,
        rate,
        relearning,
        String.format(Locale.ROOT, "%.3f", loss(decoder, retain)),
        percent(before),
        after,
        taughtAfter,
        ratio);
  }

  private void append(String method, String... cells) throws IOException {
    String row = line + ",\"" + method + "\"," + String.join(",", cells) + "\n";
    System.out.print(row);
    Files.writeString(file, row, StandardOpenOption.APPEND);
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, "%.0e", rate).replace("e-0", "e-");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  /** Mean probability of the answers, per token. */
  private static double belief(Decoder decoder, List<Example> rows) {
    return Arrays.stream(means(decoder, rows)).map(loss -> Math.exp(-loss)).average().orElseThrow();
  }

  private static double loss(Decoder decoder, List<Example> rows) {
    return Arrays.stream(means(decoder, rows)).average().orElseThrow();
  }

  private static double[] means(Decoder decoder, List<Example> rows) {
    double[] means = new double[rows.size()];
    for (int from = 0; from < rows.size(); from += BATCH) {
      List<Example> part = rows.subList(from, Math.min(rows.size(), from + BATCH));
      var losses = decoder.forward(Batch.of(part));
      for (int b = 0; b < part.size(); b++) {
        means[from + b] = losses.sum(b) / part.get(b).completionTokens();
      }
    }
    return means;
  }
}
