package org.lethe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.lethe.benchmarks.DurabilityMethods.Course;
import org.lethe.benchmarks.DurabilityMethods.Method;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.corpus.input.ShardRow;
import org.lethe.direction.AdamW;
import org.lethe.direction.LearningRate;
import org.lethe.direction.WeightedSum;
import org.lethe.evaluation.attack.AttackSettings.Teaching;
import org.lethe.evaluation.attack.FewShotPrompt;
import org.lethe.evaluation.attack.Lesson;
import org.lethe.evaluation.attack.WeightRounding;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.ParameterLayout;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.LossInputs;
import org.lethe.objective.RetainLoss;
import org.lethe.tensor.NativeBackend;
import org.lethe.tensor.TensorValues;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Measures how much forgetting stays: after relearning half of the forget rows for one epoch, on
 * the other half; after rounding the weights to 4 bits; and behind other prompts. Every method
 * starts from the same model and stops as soon as it knows the forget rows no better than a model
 * that never saw them. Run by hand; asserts nothing.
 *
 * <p>Arguments: the base model, the folder of shards, a working folder, the CSV file, the beginning
 * of each line (date, commit, machine and model, separated by commas), then key=value. With {@code
 * methods=prepare} it trains the two models that the others need.
 */
public final class DurabilityStudy {
  private static final String HEAD =
      "date,commit,machine,model,method,rate,seed,steps,forgotten,forget_loss,forget_percent,"
          + "retain_percent,held_percent,prefix_percent,few_shot_percent,relearned_percent,"
          + "forget_4_bit_percent,retain_4_bit_percent,seconds\n";

  private static final WeightRounding FOUR_BITS = new WeightRounding(4, 64);
  private static final String EXPERT = "You are an expert who remembers every detail.\n";
  private static final int TOGETHER = 10;

  private final long start = System.nanoTime();
  private final Path file;
  private final String line;
  private final StudyBench bench;
  private final Path target;
  private final Path retrained;
  private final List<Example> taught = new ArrayList<>();
  private final List<Example> held = new ArrayList<>();
  private final List<Example> prefixed = new ArrayList<>();
  private final List<Example> shown = new ArrayList<>();

  private DurabilityStudy(List<String> arguments) throws IOException {
    file = Path.of(arguments.get(3));
    line = arguments.get(4);
    Path folder = Path.of(arguments.get(2));
    target = folder.resolve("target");
    retrained = folder.resolve("retrained");
    List<String> own = new ArrayList<>(arguments.subList(0, 3));
    own.addAll(arguments.subList(5, arguments.size()));
    if (Files.isDirectory(retrained)) {
      own.set(0, target.toString());
    }
    bench = new StudyBench(own);
    split();
  }

  /** Cuts the forget rows into those that the attacker has and those that are asked for. */
  private void split() {
    List<ShardRow> rows = bench.forgetRows();
    StringBuilder shots = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      Example row = bench.forget().get(i);
      (i % 2 == 0 ? taught : held).add(row);
      if (i % 2 == 0 && i < 2 * bench.integer("shots", 2)) {
        shots
            .append(FewShotPrompt.shot(rows.get(i).prompt(), rows.get(i).completion()))
            .append("\n\n");
      }
    }
    held.forEach(row -> prefixed.add(bench.behind(EXPERT, row)));
    held.forEach(row -> shown.add(bench.behind(shots.toString(), row)));
  }

  public static void main(String[] arguments) throws IOException {
    NativeBackend.prepare();
    new DurabilityStudy(Arrays.asList(arguments)).run();
  }

  private void run() throws IOException {
    String wanted = bench.text("methods", "");
    if (wanted.equals("prepare")) {
      prepare();
      return;
    }
    if (!Files.exists(file)) {
      Files.writeString(file, HEAD);
    }
    Map<String, Method> methods = new DurabilityMethods(bench).all();
    List<String> names =
        wanted.equals("all") ? List.copyOf(methods.keySet()) : List.of(wanted.split(";"));
    double unknown = unknown();
    for (double seed : bench.numbers("seeds", "1")) {
      for (double rate : bench.numbers("rates", "1e-4,2e-4")) {
        for (String name : names) {
          Method method = methods.get(name);
          String used =
              method.course() == Course.LINE ? "" : rate(rate * method.rates()) + "," + (long) seed;
          if (isOpen(name, used)) {
            one(name, method, rate, (long) seed, unknown);
          }
        }
      }
    }
  }

  /** Whether there is time for a line that does not exist. */
  private boolean isOpen(String method, String run) throws IOException {
    double passed = (System.nanoTime() - start) / 1e9;
    String cells = line + ",\"" + method + "\"," + run;
    cells = cells.substring(line.lastIndexOf(','));
    return passed < bench.number("seconds", Double.MAX_VALUE)
        && !Files.readString(file).contains(cells);
  }

  /** Trains a model that knows all rows by heart, and one that never saw the forget rows. */
  private void prepare() {
    List<Example> both = new ArrayList<>(bench.forget());
    both.addAll(bench.retain());
    teach(target, both);
    teach(retrained, bench.retain());
  }

  private void teach(Path folder, List<Example> rows) {
    if (Files.isDirectory(folder)) {
      return;
    }
    int batch = bench.integer("batch", 4);
    int steps = bench.integer("epochs", 10) * rows.size() / batch;
    Method nll =
        new Method(
            new ForgetLoss.GradientAscent(),
            new RetainLoss.NegativeLogLikelihood(),
            new WeightedSum(0, 1));
    try (Decoder decoder = load(Optional.empty())) {
      LocalSteps.train(
          decoder,
          training(nll, 1, steps, new LearningRate.Cosine(teachingRate(), steps / 8, 0.05), 1),
          rows.subList(0, 1),
          rows,
          LossInputs.NONE,
          Optional.empty());
      System.out.printf(
          Locale.ROOT,
          "%s: forget %.3f, retain %.3f%n",
          folder.getFileName(),
          belief(decoder, bench.forget()),
          belief(decoder, bench.retain()));
      bench.write(folder, decoder);
    }
  }

  /** Returns the loss of the forget rows under a model that never saw them. */
  private double unknown() throws IOException {
    boolean control = isOpen("never saw the rows", "");
    try (Decoder decoder = load(Optional.empty())) {
      if (control) {
        write("target, before", "", "", "", "", decoder, System.nanoTime());
      }
      decoder.readTrainable(bench.weights(retrained.toUri()));
      double loss = loss(decoder, bench.forget());
      if (control) {
        write("never saw the rows", "", "", "", "", decoder, System.nanoTime());
      }
      return loss;
    }
  }

  private void one(String name, Method method, double rate, long seed, double unknown)
      throws IOException {
    long begin = System.nanoTime();
    double used = rate * method.rates();
    int every = bench.integer("every", 2);
    try (Decoder decoder = load(method.trained());
        Decoder initial = load(Optional.of(Adapter.frozen()))) {
      Map<String, Double> reference = bench.reference(initial);
      Map<String, Example> refusals = bench.refusals();
      LossInputs inputs =
          new LossInputs(
              reference::get,
              Optional.of(initial),
              example -> refusals.get(example.id()),
              id -> {
                throw new IllegalStateException("Not used");
              });
      if (method.course() == Course.LINE) {
        used *= new DurabilityLine(bench, decoder, unknown).follow(method, used, seed, inputs);
      }
      int rounds =
          method.course() == Course.LINE
              ? 1
              : LocalSteps.trainUntil(
                  decoder,
                  training(
                      method,
                      bench.integer("steps", 8) / every,
                      every,
                      new LearningRate.Constant(used, 0),
                      seed),
                  bench.forget(),
                  bench.retain(),
                  inputs,
                  Optional.of(initial),
                  () -> loss(decoder, bench.forget()) >= unknown);
      String forgotten = loss(decoder, bench.forget()) >= unknown ? "yes" : "no";
      String steps = String.valueOf(method.course() == Course.LINE ? 1 : rounds * every);
      if (method.trained().isEmpty()) {
        write(name, rate(used), String.valueOf(seed), steps, forgotten, decoder, begin);
      } else {
        try (Decoder whole = load(Optional.empty())) {
          copy(decoder, whole);
          write(name, rate(used), String.valueOf(seed), steps, forgotten, whole, begin);
        }
      }
    }
  }

  /** The rate that taught the target. */
  private double teachingRate() {
    return bench.number("teaching-rate", 5e-4);
  }

  /** Loads the model; without an adapter it trains the weights of the study. */
  private Decoder load(Optional<Adapter> adapter) {
    return adapter
        .map(chosen -> bench.source(chosen))
        .orElseGet(() -> bench.source())
        .load(new Configuration());
  }

  /** Copies the weights that one decoder trained into another that trains all. */
  private static void copy(Decoder from, Decoder to) {
    for (ParameterLayout.Entry entry : from.layout().entries()) {
      TensorValues values = from.layout().view(from.parameters(), entry);
      float[] copy = new float[Math.toIntExact(values.length())];
      values.get(0, copy, 0, copy.length);
      to.layout()
          .view(to.parameters(), to.layout().find(entry.name()).orElseThrow())
          .put(0, copy, 0, copy.length);
    }
  }

  /** Measures and attacks a model, and appends its line. */
  private void write(
      String method,
      String rate,
      String seed,
      String steps,
      String forgotten,
      Decoder decoder,
      long begin)
      throws IOException {
    List<String> cells = new ArrayList<>(List.of("\"" + method + "\"", rate, seed, steps));
    cells.add(forgotten);
    cells.add(String.format(Locale.ROOT, "%.3f", loss(decoder, bench.forget())));
    cells.add(percent(belief(decoder, bench.forget())));
    cells.add(percent(belief(decoder, bench.retain())));
    cells.add(percent(belief(decoder, held)));
    cells.add(percent(belief(decoder, prefixed)));
    cells.add(percent(belief(decoder, shown)));
    try (var unlearned = decoder.parameters().math().copyOf(decoder.parameters())) {
      new Lesson(
              taught,
              new Teaching(0.5, 1000, 1, bench.number("relearning-rate", teachingRate()), 32, 8))
          .teach(decoder);
      cells.add(percent(belief(decoder, held)));
      unlearned.math().copy(unlearned, decoder.parameters());
    }
    decoder.changeLinearMaps(FOUR_BITS::apply);
    cells.add(percent(belief(decoder, bench.forget())));
    cells.add(percent(belief(decoder, bench.retain())));
    cells.add(String.format(Locale.ROOT, "%.0f", (System.nanoTime() - begin) / 1e9));
    String row = line + "," + String.join(",", cells) + "\n";
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

  static double loss(Decoder decoder, List<Example> rows) {
    return Arrays.stream(means(decoder, rows)).average().orElseThrow();
  }

  private static double[] means(Decoder decoder, List<Example> rows) {
    double[] means = new double[rows.size()];
    for (int from = 0; from < rows.size(); from += TOGETHER) {
      List<Example> part = rows.subList(from, Math.min(rows.size(), from + TOGETHER));
      var losses = decoder.forward(Batch.of(part));
      for (int b = 0; b < part.size(); b++) {
        means[from + b] = losses.sum(b) / part.get(b).completionTokens();
      }
    }
    return means;
  }

  private TrainingSettings training(
      Method method, int rounds, int steps, LearningRate rate, long seed) {
    int batch = bench.integer("batch", 4);
    return new TrainingSettings(
            method.forget(),
            method.retain(),
            method.direction(),
            new AdamW(0.9, 0.999, 1e-8, 0),
            rate,
            1,
            Averaging.PARAMETERS,
            rounds,
            steps,
            batch,
            batch,
            1,
            seed)
        .with(method.point());
  }
}
