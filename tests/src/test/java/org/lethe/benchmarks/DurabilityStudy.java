package org.lethe.benchmarks;

import static org.lethe.benchmarks.DurabilityMeasures.belief;
import static org.lethe.benchmarks.DurabilityMeasures.number;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.lethe.benchmarks.DurabilityMeasures.Figures;
import org.lethe.benchmarks.DurabilityMethods.Choices;
import org.lethe.benchmarks.DurabilityMethods.Method;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.compute.FlatVector;
import org.lethe.direction.AdamW;
import org.lethe.direction.LearningRate;
import org.lethe.direction.WeightedSum;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.ParameterLayout;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.LossInputs;
import org.lethe.objective.RetainLoss;
import org.lethe.tensor.NativeBackend;
import org.lethe.tensor.TensorValues;
import org.lethe.text.Example;

/**
 * Measures how much forgetting stays: after relearning half of the forget rows for one epoch, on
 * the other half; after rounding the weights to 4 bits; and behind other prompts. Every method
 * starts from the same model and ends where it knows the forget rows as little as a model that
 * never saw them ({@link DurabilityCourse}). Run by hand; asserts nothing.
 *
 * <p>Each method is tuned on the first seed: of the values of its main parameter whose probability
 * of the forget rows ends within 2 points of the model that never saw them, the one that keeps most
 * of the retain rows; without any such value, the nearest one. Attacks play no part in the choice.
 * All seeds are then measured with that value. {@code fixed=VALUES} measures other values without
 * tuning, {@code label} is its name in the results, and the name of a method as a key (BLUR=0.1)
 * replaces the tuned value on which others build.
 *
 * <p>Arguments: the base model, the folder of shards, a working folder, the CSV files of results
 * and of tuning, the beginning of each line (date, commit, machine and model, separated by commas),
 * then key=value. With {@code methods=prepare} it trains the two models that the others need.
 */
public final class DurabilityStudy {
  private static final String TUNING =
      "method,parameter,value,seed,steps,reached,forget_percent,retain_percent,seconds";

  private static final String RESULTS =
      "protocol,method,parameter,value,seed,steps,reached,distance,lost_percent,forget_loss,"
          + "forget_percent,retain_percent,held_percent,prefix_percent,few_shot_percent,"
          + "relearned_percent,forget_4_bit_percent,retain_4_bit_percent,seconds";

  private static final String TARGET = "target, before";
  private static final String RETRAINED = "never saw the rows";

  /** Points of forgetting below which their loss is not a meaningful share. */
  private static final double LEAST_FORGOTTEN = 5;

  private final long start = System.nanoTime();
  private final DurabilityTable results;
  private final DurabilityTable tuning;
  private final StudyBench bench;
  private final DurabilityMeasures measures;
  private final Path target;
  private final Path retrained;

  private DurabilityStudy(List<String> arguments) throws IOException {
    results = DurabilityTable.of(Path.of(arguments.get(3)), arguments.get(5), RESULTS);
    tuning = DurabilityTable.of(Path.of(arguments.get(4)), arguments.get(5), TUNING);
    Path folder = Path.of(arguments.get(2));
    target = folder.resolve("target");
    retrained = folder.resolve("retrained");
    List<String> own = new ArrayList<>(arguments.subList(0, 3));
    own.addAll(arguments.subList(6, arguments.size()));
    if (Files.isDirectory(retrained)) {
      own.set(0, target.toString());
    }
    bench = new StudyBench(own);
    measures = new DurabilityMeasures(bench, bench.number("relearning-rate", teachingRate()));
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
    measureControls();
    Map<String, Choices> methods = new DurabilityMethods(bench, this::chosenValue).all();
    List<String> names =
        wanted.equals("all") ? List.copyOf(methods.keySet()) : List.of(wanted.split(";"));
    try (Decoder initial = bench.source(Adapter.frozen()).load(new Configuration())) {
      DurabilityCourse course = new DurabilityCourse(bench, initial, unknown());
      for (String name : names) {
        study(name, Optional.ofNullable(methods.get(name)).orElseThrow(), course);
      }
    }
  }

  /** Whether no further line is begun. */
  private boolean isLate() {
    return seconds(start) > bench.number("seconds", Double.MAX_VALUE);
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
    TrainingSettings training =
        new TrainingSettings(
            new ForgetLoss.GradientAscent(),
            new RetainLoss.NegativeLogLikelihood(),
            new WeightedSum(0, 1),
            new AdamW(0.9, 0.999, 1e-8, 0),
            new LearningRate.Cosine(teachingRate(), steps / 8, 0.05),
            1,
            Averaging.PARAMETERS,
            1,
            steps,
            batch,
            batch,
            1,
            1);
    try (Decoder decoder = whole()) {
      LocalSteps.train(
          decoder, training, rows.subList(0, 1), rows, LossInputs.NONE, Optional.empty());
      System.out.printf(
          Locale.ROOT,
          "%s: forget %.3f, retain %.3f%n",
          folder.getFileName(),
          belief(decoder, bench.forget()),
          belief(decoder, bench.retain()));
      bench.write(folder, decoder);
    }
  }

  private void measureControls() throws IOException {
    for (String control : List.of(TARGET, RETRAINED)) {
      if (results.line(control, "protocol", "tuned").isEmpty()) {
        long begin = System.nanoTime();
        try (Decoder decoder = whole()) {
          if (control.equals(RETRAINED)) {
            decoder.readTrainable(bench.weights(retrained.toUri()));
          }
          write(control, List.of("", "", "", "", ""), measures.of(decoder), "", "", begin);
        }
      }
    }
  }

  /** Probability of the forget rows under the model that never saw them. */
  private double unknown() throws IOException {
    return control(RETRAINED, "forget_percent") / 100;
  }

  private double control(String name, String column) throws IOException {
    return DurabilityTable.number(results.line(name, "protocol", "tuned").orElseThrow(), column);
  }

  /** Tunes a method on the first seed and measures it on all. */
  private void study(String name, Choices choices, DurabilityCourse course) throws IOException {
    List<Double> seeds = bench.numbers("seeds", "42,43,44");
    String fixed = bench.text("fixed", "");
    if (!fixed.isEmpty()) {
      for (String given : fixed.split(",")) {
        Map<String, String> value = Map.of("value", given, "steps", "", "seed", "");
        for (double seed : seeds) {
          measure(name, choices, value, (long) seed, course, Map.of());
        }
      }
      return;
    }
    Map<String, FlatVector> tuned = new LinkedHashMap<>();
    try {
      for (double value : choices.values()) {
        String text = text(value);
        if (tuning.line(name, "value", text).isEmpty()) {
          if (isLate()) {
            return;
          }
          tuned.put(text, tune(name, choices, value, seeds.get(0).longValue(), course));
        }
      }
      Map<String, String> chosen = chosen(name);
      for (double seed : seeds) {
        String text = String.valueOf((long) seed);
        if (!isMeasured(name, text) && !isLate()) {
          measure(name, choices, chosen, (long) seed, course, tuned);
        }
      }
    } finally {
      tuned.values().forEach(FlatVector::close);
    }
  }

  /** Whether there is a line of the tuned value; lines of fixed values do not count. */
  private boolean isMeasured(String name, String seed) throws IOException {
    return results.lines(name).stream()
        .anyMatch(line -> line.get("protocol").equals("tuned") && line.get("seed").equals(seed));
  }

  /** Returns the trained weights with a value. */
  private FlatVector tune(
      String name, Choices choices, double value, long seed, DurabilityCourse course)
      throws IOException {
    long begin = System.nanoTime();
    Method method = choices.method().apply(value);
    try (Decoder decoder = load(method)) {
      int steps = course.follow(decoder, method, seed);
      double forget = belief(decoder, bench.forget());
      tuning.add(
          List.of(
              quoted(name),
              choices.parameter(),
              text(value),
              String.valueOf(seed),
              String.valueOf(steps),
              reached(forget, course),
              number(100 * forget, 1),
              number(100 * belief(decoder, bench.retain()), 1),
              number(seconds(begin), 0)));
      return decoder.parameters().math().copyOf(decoder.parameters());
    }
  }

  private static String reached(double forget, DurabilityCourse course) {
    return Math.abs(forget - course.unknown()) <= DurabilityCourse.MARGIN ? "yes" : "no";
  }

  private double chosenValue(String method) {
    String given = bench.text(method, "");
    try {
      return given.isEmpty()
          ? DurabilityTable.number(chosen(method), "value")
          : Double.parseDouble(given);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the line of the value that was chosen. */
  private Map<String, String> chosen(String method) throws IOException {
    double unknown = 100 * unknown();
    Comparator<Map<String, String>> kept =
        Comparator.comparingDouble(line -> -DurabilityTable.number(line, "retain_percent"));
    Comparator<Map<String, String>> near =
        Comparator.comparingDouble(
            line -> Math.abs(DurabilityTable.number(line, "forget_percent") - unknown));
    List<Map<String, String>> lines = tuning.lines(method);
    return lines.stream()
        .filter(line -> line.get("reached").equals("yes"))
        .min(kept)
        .or(() -> lines.stream().min(near))
        .orElseThrow(() -> new IllegalStateException("Not tuned: " + method));
  }

  private void measure(
      String name,
      Choices choices,
      Map<String, String> chosen,
      long seed,
      DurabilityCourse course,
      Map<String, FlatVector> tuned)
      throws IOException {
    long begin = System.nanoTime();
    Method method = choices.method().apply(DurabilityTable.number(chosen, "value"));
    try (Decoder whole = whole()) {
      String steps = chosen.get("steps");
      String reached;
      try (Decoder decoder = load(method)) {
        FlatVector known = tuned.get(chosen.get("value"));
        if (known != null && chosen.get("seed").equals(String.valueOf(seed))) {
          known.math().copy(known, decoder.parameters());
        } else {
          steps = String.valueOf(course.follow(decoder, method, seed));
        }
        reached = reached(belief(decoder, bench.forget()), course);
        copy(decoder, whole);
      }
      Figures figures = measures.of(whole);
      write(
          name,
          List.of(choices.parameter(), chosen.get("value"), String.valueOf(seed), steps, reached),
          figures,
          number(Math.abs(figures.forget() - 100 * course.unknown()), 1),
          lost(figures),
          begin);
    }
  }

  /** Share of the forgetting of held rows that relearning undoes; empty if there was too little. */
  private String lost(Figures figures) throws IOException {
    double forgotten = control(TARGET, "held_percent") - figures.held();
    return forgotten < LEAST_FORGOTTEN
        ? ""
        : number(100 * (figures.relearned() - figures.held()) / forgotten, 1);
  }

  private void write(
      String name, List<String> run, Figures figures, String distance, String lost, long begin)
      throws IOException {
    String protocol = bench.text("fixed", "").isEmpty() ? "tuned" : "fixed";
    List<String> cells = new ArrayList<>(List.of(protocol, quoted(bench.text("label", name))));
    cells.addAll(run);
    cells.add(distance);
    cells.add(lost);
    cells.add(number(figures.loss(), 3));
    for (double figure :
        List.of(
            figures.forget(),
            figures.retain(),
            figures.held(),
            figures.prefix(),
            figures.fewShot(),
            figures.relearned(),
            figures.forgetFourBits(),
            figures.retainFourBits())) {
      cells.add(number(figure, 1));
    }
    cells.add(number(seconds(begin), 0));
    results.add(cells);
  }

  /** The rate that taught the target. */
  private double teachingRate() {
    return bench.number("teaching-rate", 5e-4);
  }

  /** Loads the model with all weights trained. */
  private Decoder whole() {
    return bench.source(Adapter.full()).load(new Configuration());
  }

  private Decoder load(Method method) {
    return method
        .trained()
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

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static String text(double value) {
    return value >= 1e-3
        ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
        : String.format(Locale.ROOT, "%.1e", value).replace(".0e", "e").replace("e-0", "e-");
  }

  private static String quoted(String name) {
    return "\"" + name + "\"";
  }
}
