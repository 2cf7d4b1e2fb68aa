package org.lethe.jobs.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.Moments;
import org.lethe.cluster.training.OuterStep;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.cluster.training.fold.Folds;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.direction.AdamW;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Optimizer;
import org.lethe.direction.Sgd;
import org.lethe.direction.WeightedSum;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;

/** Binds lethe.unlearn and lethe.finetune, which share most keys. */
final class TrainingBinding {
  private static final double ANY = Double.MAX_VALUE;
  private static final Choices<Averaging> AVERAGES = Choices.of(Averaging.class);
  private static final Choices<Moments> MOMENTS = Choices.of(Moments.class);

  static final Choices<Method<Optimizer>> OPTIMIZERS =
      Choices.<Method<Optimizer>>of("adamw", TrainingBinding::adamw)
          .or("sgd", TrainingBinding::sgd);

  static final Choices<Method<LearningRate>> SCHEDULES =
      Choices.<Method<LearningRate>>of("constant", TrainingBinding::constant)
          .or("linear", TrainingBinding::linear)
          .or("cosine", TrainingBinding::cosine);

  private final Section section;

  private TrainingBinding(Section section) {
    this.section = section;
  }

  static Optional<TrainingSettings> unlearn(ConfigurationReader reader) {
    String name = "lethe.unlearn";
    Section section = new Section(reader, name);
    return reader.make(
        name,
        () -> {
          ForgetLoss forget = ForgetLossBinding.read(section);
          Optional<RetainLoss> retain = RetainLossBinding.read(section);
          Direction direction =
              retain.isPresent()
                  ? DirectionBinding.read(section)
                  : DirectionBinding.withoutRetainLoss(section);
          return new TrainingBinding(section)
              .settings(
                  // Without a retain loss the direction uses none.
                  forget, retain.orElseGet(RetainLoss.NegativeLogLikelihood::new), direction)
              .with(outerStep(section.below("outer-step")))
              .with(section.choice("moments", MOMENTS))
              .with(ForgetLossBinding.point(section))
              .with(new Folds(section.integer("folds", 1, 1_000_000)));
        });
  }

  static Optional<TrainingSettings> finetune(ConfigurationReader reader) {
    return ordinary(reader, "lethe.finetune");
  }

  /** Ordinary training with the settings of a section. */
  static Optional<TrainingSettings> ordinary(ConfigurationReader reader, String name) {
    TrainingBinding binding = new TrainingBinding(new Section(reader, name));
    return reader.make(
        name,
        () ->
            binding.settings(
                new ForgetLoss.GradientAscent(),
                new RetainLoss.NegativeLogLikelihood(),
                // No forget loss: ordinary training on both corpora.
                new WeightedSum(0, 1)));
  }

  /** The corpora that ordinary training trains on. */
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
    int batchSize = section.integer("batch-size", 1, 1 << 20);
    int microBatch = section.integer("micro-batch-size", 0, 1 << 20);
    double clip = section.notNegative("clip-norm");
    return new TrainingSettings(
        forgetLoss,
        retainLoss,
        direction,
        Method.chosen(section, "optimizer", OPTIMIZERS),
        learningRate(section.below("learning-rate")),
        clip == 0 ? Double.POSITIVE_INFINITY : clip,
        section.choice("average", AVERAGES),
        section.integer("rounds", 1, 1_000_000),
        section.integer("local-steps", 1, 1_000_000),
        batchSize,
        microBatch == 0 ? batchSize : microBatch,
        section.integer("checkpoint-every", 1, 1_000_000),
        section.seed("seed"));
  }

  private static OuterStep outerStep(Section section) {
    return new OuterStep(section.positive("rate"), section.number("momentum", 0, 1));
  }

  private static Supplier<Optimizer> adamw(Section section) {
    Section keys = section.below("adamw");
    AdamW adamw =
        new AdamW(
            keys.number("beta1", 0, 1),
            keys.number("beta2", 0, 1),
            keys.positive("epsilon"),
            keys.notNegative("weight-decay"));
    return () -> adamw;
  }

  private static Supplier<Optimizer> sgd(Section section) {
    Section keys = section.below("sgd");
    Sgd sgd = new Sgd(keys.number("momentum", 0, 1), keys.notNegative("weight-decay"));
    return () -> sgd;
  }

  private static LearningRate learningRate(Section rate) {
    LearningRate schedule = Method.chosen(rate, "schedule", SCHEDULES);
    Section automatic = rate.below("automatic");
    int every = automatic.integer("every", 0, Integer.MAX_VALUE);
    double smoothing = automatic.number("smoothing", 0, 1);
    double least = automatic.positive("least");
    double most = automatic.number("most", 1, ANY);
    return every == 0
        ? schedule
        : new LearningRate.Automatic(schedule, every, smoothing, least, most);
  }

  private static Supplier<LearningRate> constant(Section rate) {
    double peak = peak(rate);
    long warmUp = warmUp(rate);
    return () -> new LearningRate.Constant(peak, warmUp);
  }

  private static Supplier<LearningRate> linear(Section rate) {
    double peak = peak(rate);
    long warmUp = warmUp(rate);
    return () -> new LearningRate.Linear(peak, warmUp);
  }

  private static Supplier<LearningRate> cosine(Section rate) {
    double peak = peak(rate);
    long warmUp = warmUp(rate);
    double finalShare = rate.number("final-share", 0, 1);
    return () -> new LearningRate.Cosine(peak, warmUp, finalShare);
  }

  private static double peak(Section rate) {
    return rate.notNegative("peak");
  }

  private static long warmUp(Section rate) {
    return rate.wholeNumber("warm-up-steps", 0, Long.MAX_VALUE);
  }
}
