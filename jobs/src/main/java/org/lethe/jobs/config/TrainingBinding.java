package org.lethe.jobs.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.corpus.CorpusSet;
import org.lethe.direction.AdamW;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Optimizer;
import org.lethe.direction.Sgd;
import org.lethe.direction.WeightedSum;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;

/** Binds lethe.unlearn and lethe.finetune, which share most keys. */
public final class TrainingBinding {
  private static final double ANY = Double.MAX_VALUE;

  private final ConfigurationReader reader;
  private final String prefix;

  private TrainingBinding(ConfigurationReader reader, String section) {
    this.reader = reader;
    this.prefix = section + ".";
  }

  public static Optional<TrainingSettings> unlearn(ConfigurationReader reader) {
    TrainingBinding binding = new TrainingBinding(reader, "lethe.unlearn");
    return reader.make(
        "lethe.unlearn",
        () -> {
          MethodBinding method = new MethodBinding(reader);
          return binding.settings(method.forgetLoss(), method.retainLoss(), method.direction());
        });
  }

  static Optional<TrainingSettings> finetune(ConfigurationReader reader) {
    return ordinary(reader, "lethe.finetune");
  }

  /** Ordinary training as a section says. */
  static Optional<TrainingSettings> ordinary(ConfigurationReader reader, String section) {
    TrainingBinding binding = new TrainingBinding(reader, section);
    return reader.make(
        section,
        () ->
            binding.settings(
                new ForgetLoss.GradientAscent(),
                new RetainLoss.NegativeLogLikelihood(),
                // No forget loss: ordinary training on both corpora.
                new WeightedSum(0, 1)));
  }

  /** What ordinary training trains on. */
  static Set<CorpusSet> finetuneSets(ConfigurationReader reader) {
    String key = "lethe.finetune.sets";
    List<String> words = reader.texts(key);
    Set<CorpusSet> sets = EnumSet.noneOf(CorpusSet.class);
    for (CorpusSet set : CorpusSet.values()) {
      if (words.contains(set.label())) {
        sets.add(set);
      }
    }
    if (sets.isEmpty() || sets.size() != words.size()) {
      reader.problem(key, "forget, retain or both");
      return EnumSet.allOf(CorpusSet.class);
    }
    return sets;
  }

  private TrainingSettings settings(
      ForgetLoss forgetLoss, RetainLoss retainLoss, Direction direction) {
    int batchSize = reader.integer(prefix + "batch-size", 1, 1 << 20);
    int microBatch = reader.integer(prefix + "micro-batch-size", 0, 1 << 20);
    double clip = reader.number(prefix + "clip-norm", 0, ANY);
    return new TrainingSettings(
        forgetLoss,
        retainLoss,
        direction,
        optimizer(),
        learningRate(),
        clip == 0 ? Double.POSITIVE_INFINITY : clip,
        Averaging.valueOf(
            reader.choice(prefix + "average", "parameters", "gradients").toUpperCase(Locale.ROOT)),
        reader.integer(prefix + "rounds", 1, 1_000_000),
        reader.integer(prefix + "local-steps", 1, 1_000_000),
        batchSize,
        microBatch == 0 ? batchSize : microBatch,
        reader.integer(prefix + "checkpoint-every", 1, 1_000_000),
        reader.wholeNumber(prefix + "seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private Optimizer optimizer() {
    AdamW adamw =
        new AdamW(
            reader.number(prefix + "adamw.beta1", 0, 1),
            reader.number(prefix + "adamw.beta2", 0, 1),
            reader.positive(prefix + "adamw.epsilon"),
            reader.number(prefix + "adamw.weight-decay", 0, ANY));
    Sgd sgd =
        new Sgd(
            reader.number(prefix + "sgd.momentum", 0, 1),
            reader.number(prefix + "sgd.weight-decay", 0, ANY));
    return reader.choice(prefix + "optimizer", "adamw", "sgd").equals("adamw") ? adamw : sgd;
  }

  private LearningRate learningRate() {
    String rate = prefix + "learning-rate.";
    double peak = reader.number(rate + "peak", 0, ANY);
    long warmup = reader.wholeNumber(rate + "warm-up-steps", 0, Long.MAX_VALUE);
    double finalShare = reader.number(rate + "final-share", 0, 1);
    LearningRate schedule =
        switch (reader.choice(rate + "schedule", "constant", "linear", "cosine")) {
          case "constant" -> new LearningRate.Constant(peak, warmup);
          case "linear" -> new LearningRate.Linear(peak, warmup);
          default -> new LearningRate.Cosine(peak, warmup, finalShare);
        };
    return corrected(schedule, rate + "automatic.");
  }

  private LearningRate corrected(LearningRate schedule, String automatic) {
    int every = reader.integer(automatic + "every", 0, Integer.MAX_VALUE);
    double smoothing = reader.number(automatic + "smoothing", 0, 1);
    double least = reader.positive(automatic + "least");
    double most = reader.number(automatic + "most", 1, ANY);
    return every == 0
        ? schedule
        : new LearningRate.Automatic(schedule, every, smoothing, least, most);
  }
}
