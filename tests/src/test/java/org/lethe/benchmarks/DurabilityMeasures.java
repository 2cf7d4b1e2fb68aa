package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.lethe.corpus.input.ShardRow;
import org.lethe.evaluation.attack.AttackSettings.Teaching;
import org.lethe.evaluation.attack.FewShotPrompt;
import org.lethe.evaluation.attack.Lesson;
import org.lethe.evaluation.attack.WeightRounding;
import org.lethe.model.Decoder;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Figures of {@link DurabilityStudy}: of a model as it is, and of attacks on it. */
final class DurabilityMeasures {
  private static final WeightRounding FOUR_BITS = new WeightRounding(4, 64);
  private static final String EXPERT = "You are an expert who remembers every detail.\n";
  private static final int TOGETHER = 10;

  private final StudyBench bench;
  private final double relearningRate;
  private final List<Example> taught = new ArrayList<>();
  private final List<Example> held = new ArrayList<>();
  private final List<Example> prefixed = new ArrayList<>();
  private final List<Example> shown = new ArrayList<>();

  /** Cuts the forget rows into those that the attacker has and those that are asked for. */
  DurabilityMeasures(StudyBench bench, double relearningRate) {
    this.bench = bench;
    this.relearningRate = relearningRate;
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

  /**
   * Figures of a model, in percent, except the loss.
   *
   * @param held of the forget rows that the attacker does not have
   * @param relearned of the same rows, after training all weights on the others
   */
  record Figures(
      double loss,
      double forget,
      double retain,
      double held,
      double prefix,
      double fewShot,
      double relearned,
      double forgetFourBits,
      double retainFourBits) {}

  /** Measures a model and attacks it. Leaves its weights rounded. */
  Figures of(Decoder decoder) {
    double loss = loss(decoder, bench.forget());
    double forget = belief(decoder, bench.forget());
    double retain = belief(decoder, bench.retain());
    double other = belief(decoder, held);
    double prefix = belief(decoder, prefixed);
    double fewShot = belief(decoder, shown);
    double relearned;
    try (var unlearned = decoder.parameters().math().copyOf(decoder.parameters())) {
      new Lesson(taught, new Teaching(0.5, 1000, 1, relearningRate, 32, 8)).teach(decoder);
      relearned = belief(decoder, held);
      unlearned.math().copy(unlearned, decoder.parameters());
    }
    decoder.changeLinearMaps(FOUR_BITS::apply);
    return new Figures(
        loss,
        100 * forget,
        100 * retain,
        100 * other,
        100 * prefix,
        100 * fewShot,
        100 * relearned,
        100 * belief(decoder, bench.forget()),
        100 * belief(decoder, bench.retain()));
  }

  /** Mean probability of the answers, per token. */
  static double belief(Decoder decoder, List<Example> rows) {
    return Arrays.stream(means(decoder, rows)).map(loss -> Math.exp(-loss)).average().orElseThrow();
  }

  static double loss(Decoder decoder, List<Example> rows) {
    return Arrays.stream(means(decoder, rows)).average().orElseThrow();
  }

  static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
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
}
