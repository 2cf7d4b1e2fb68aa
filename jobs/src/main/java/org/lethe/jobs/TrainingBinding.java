package org.lethe.jobs;

import java.util.Locale;
import org.lethe.cluster.Averaging;
import org.lethe.cluster.TrainingSettings;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Optimizer;
import org.lethe.direction.Sgd;
import org.lethe.direction.WeightedSum;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;

/** Reads the sections lethe.finetune and lethe.unlearn, which share most of their keys. */
final class TrainingBinding {
  private final ConfigurationReader reader;
  private final String section;

  private TrainingBinding(ConfigurationReader reader, String section) {
    this.reader = reader;
    this.section = section + ".";
  }

  static TrainingSettings finetune(ConfigurationReader reader) {
    TrainingBinding binding = new TrainingBinding(reader, "lethe.finetune");
    int batch = binding.batchSize();
    return TrainingSettings.finetune(
        binding.optimizer(),
        binding.learningRate(),
        binding.clipNorm(),
        binding.averaging(),
        binding.count("rounds"),
        binding.count("local-steps"),
        batch,
        binding.microBatchSize(batch),
        binding.count("checkpoint-every"),
        binding.seed());
  }

  static TrainingSettings unlearn(ConfigurationReader reader) {
    TrainingBinding binding = new TrainingBinding(reader, "lethe.unlearn");
    int batch = binding.batchSize();
    return new TrainingSettings(
        binding.forgetLoss(),
        binding.retainLoss(),
        binding.direction(),
        binding.optimizer(),
        binding.learningRate(),
        binding.clipNorm(),
        binding.averaging(),
        binding.count("rounds"),
        binding.count("local-steps"),
        batch,
        binding.microBatchSize(batch),
        binding.count("checkpoint-every"),
        binding.seed());
  }

  private ForgetLoss forgetLoss() {
    return switch (choice("forget-loss", "npo", "ga")) {
      case "npo" -> new ForgetLoss.NegativePreference(reader.positive(section + "npo.beta"));
      default -> new ForgetLoss.GradientAscent();
    };
  }

  private RetainLoss retainLoss() {
    return switch (choice("retain-loss", "nll", "kl")) {
      case "nll" -> new RetainLoss.NegativeLogLikelihood();
      default -> new RetainLoss.Divergence();
    };
  }

  private Direction direction() {
    if (choice("direction", "blur", "weighted-sum").equals("blur")) {
      return new Blur(number("blur.gamma"), number("blur.zero-norm"));
    }
    double forget = number("weighted-sum.forget");
    double retain = number("weighted-sum.retain");
    return reader
        .<Direction>make(section + "weighted-sum", () -> new WeightedSum(forget, retain))
        .orElse(new WeightedSum(1, 1));
  }

  private Optimizer optimizer() {
    if (choice("optimizer", "adamw", "sgd").equals("adamw")) {
      return reader
          .<Optimizer>make(
              section + "adamw",
              () ->
                  new AdamW(
                      number("adamw.beta1"),
                      number("adamw.beta2"),
                      number("adamw.epsilon"),
                      number("adamw.weight-decay")))
          .orElse(new AdamW(0.9, 0.999, 1e-8, 0));
    }
    return reader
        .<Optimizer>make(
            section + "sgd", () -> new Sgd(number("sgd.momentum"), number("sgd.weight-decay")))
        .orElse(new Sgd(0, 0));
  }

  private LearningRate learningRate() {
    double peak = reader.positive(section + "learning-rate.peak");
    long warmup = reader.wholeNumber(section + "learning-rate.warm-up-steps", 0, Integer.MAX_VALUE);
    return switch (choice("learning-rate.schedule", "constant", "linear", "cosine")) {
      case "constant" -> new LearningRate.Constant(peak, warmup);
      case "linear" -> new LearningRate.Linear(peak, warmup);
      default ->
          new LearningRate.Cosine(
              peak, warmup, reader.number(section + "learning-rate.final-share", 0, 1));
    };
  }

  private double clipNorm() {
    double norm = number("clip-norm");
    return norm == 0 ? Double.POSITIVE_INFINITY : norm;
  }

  private Averaging averaging() {
    return Averaging.valueOf(choice("average", "parameters", "gradients").toUpperCase(Locale.ROOT));
  }

  private int batchSize() {
    return count("batch-size");
  }

  private int microBatchSize(int batch) {
    int size = reader.integer(section + "micro-batch-size", 0, batch);
    return size == 0 ? batch : size;
  }

  private long seed() {
    return reader.wholeNumber(section + "seed", 0, Long.MAX_VALUE / 2);
  }

  private int count(String key) {
    return reader.integer(section + key, 1, Integer.MAX_VALUE);
  }

  private double number(String key) {
    return reader.number(section + key, 0, Double.MAX_VALUE);
  }

  private String choice(String key, String... words) {
    return reader.choice(section + key, words);
  }
}
