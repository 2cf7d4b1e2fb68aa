package org.lethe.cluster.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.TinyDecoder;
import org.lethe.cluster.training.fold.Folds;
import org.lethe.corpus.ShardFixture;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;
import org.lethe.objective.point.Selected;
import org.lethe.objective.token.LearnedWeights;
import org.lethe.run.RunDirectory;
import org.lethe.text.Example;

/** Small trainings for tests. */
final class TrainingFixture {
  static final TrainingSettings BLUR =
      new TrainingSettings(
          new ForgetLoss.NegativePreference(0.1),
          new RetainLoss.NegativeLogLikelihood(),
          new Blur(1, 1e-12),
          new AdamW(0.9, 0.999, 1e-8, 0.01),
          new LearningRate.Cosine(1e-2, 2, 0.1),
          1,
          Averaging.PARAMETERS,
          4,
          2,
          4,
          4,
          1,
          42);

  private TrainingFixture() {}

  /**
   * Writes shards to the folder and returns their plan. A second call with the same folder gives
   * the same plan.
   *
   * @param forget examples of each worker's forget shard
   * @param retain examples of each worker's retain shard
   */
  static TrainingPlan plan(
      Path folder, DecoderSource model, TrainingSettings settings, int[] forget, int[] retain) {
    List<Example> forgetExamples = ShardFixture.examples("forget", sum(forget), 64);
    List<Example> retainExamples = ShardFixture.examples("retain", sum(retain), 64);
    List<WorkerShards> shards = new ArrayList<>();
    int nextForget = 0;
    int nextRetain = 0;
    for (int worker = 0; worker < forget.length; worker++) {
      shards.add(
          new WorkerShards(
              List.of(
                  ShardFixture.write(
                      folder.resolve("shards/forget/worker-%05d.parquet".formatted(worker)),
                      forgetExamples.subList(nextForget, nextForget + forget[worker]))),
              List.of(
                  ShardFixture.write(
                      folder.resolve("shards/retain/worker-%05d.parquet".formatted(worker)),
                      retainExamples.subList(nextRetain, nextRetain + retain[worker])))));
      nextForget += forget[worker];
      nextRetain += retain[worker];
    }
    return new TrainingPlan(
        model, shards, settings, RunDirectory.at(folder.toUri().toString(), new Configuration()));
  }

  /** Two workers with 7 and 5 forget examples, 9 and 8 retain examples. */
  static TrainingPlan plan(Path folder, TrainingSettings settings) {
    return plan(folder, TinyDecoder.FLOAT, settings, new int[] {7, 5}, new int[] {9, 8});
  }

  /** A short plan of two workers, since emulated devices are slow. */
  static TrainingPlan onDevices(Path folder, DecoderSource model) {
    TrainingSettings few = with(BLUR, Averaging.PARAMETERS, 4, 1, 2);
    return plan(folder, model, few, new int[] {4, 3}, new int[] {4, 3});
  }

  /** Two folds of two rounds each. */
  static final TrainingSettings FOLDED = BLUR.with(new Folds(2));

  /** Token weights from a scorer that takes a step after each of the model's. */
  static final TrainingSettings SCORED =
      with(
          BLUR,
          new ForgetLoss.Weighted(
              new ForgetLoss.GradientAscent(), new LearnedWeights(0.1, 0.9, 1e-4, 1, 1)));

  /** The gradient where low-rank factors have learned the rows. */
  static final TrainingSettings SELECTED = BLUR.with(new Selected(2, 0.1, 3, 7));

  private static TrainingSettings with(TrainingSettings s, ForgetLoss loss) {
    return new TrainingSettings(
        loss,
        s.retainLoss(),
        s.direction(),
        s.optimizer(),
        s.learningRate(),
        s.maximumNorm(),
        s.averaging(),
        s.rounds(),
        s.localSteps(),
        s.batchSize(),
        s.microBatchSize(),
        s.checkpointEvery(),
        s.seed());
  }

  static TrainingSettings gradients(TrainingSettings s) {
    return with(s, Averaging.GRADIENTS, s.rounds(), s.localSteps(), s.batchSize());
  }

  static TrainingSettings with(
      TrainingSettings s, Averaging averaging, int rounds, int localSteps, int batchSize) {
    return new TrainingSettings(
            s.forgetLoss(),
            s.retainLoss(),
            s.direction(),
            s.optimizer(),
            s.learningRate(),
            s.maximumNorm(),
            averaging,
            rounds,
            localSteps,
            batchSize,
            batchSize,
            s.checkpointEvery(),
            s.seed())
        .with(s.forgetPoint())
        .with(s.folds());
  }

  /** Returns settings whose retain loss is a divergence, in two local steps per round. */
  static TrainingSettings divergence(TrainingSettings s, int rounds) {
    return new TrainingSettings(
        s.forgetLoss(),
        new RetainLoss.Divergence(),
        s.direction(),
        s.optimizer(),
        s.learningRate(),
        1,
        Averaging.PARAMETERS,
        rounds,
        2,
        4,
        2,
        1,
        42);
  }

  static TrainingSettings with(TrainingSettings s, LearningRate rate) {
    return with(s, s.direction(), rate);
  }

  static TrainingSettings with(TrainingSettings s, Direction direction) {
    return with(s, direction, s.learningRate());
  }

  private static TrainingSettings with(TrainingSettings s, Direction direction, LearningRate rate) {
    return new TrainingSettings(
        s.forgetLoss(),
        s.retainLoss(),
        direction,
        s.optimizer(),
        rate,
        s.maximumNorm(),
        s.averaging(),
        s.rounds(),
        s.localSteps(),
        s.batchSize(),
        s.microBatchSize(),
        s.checkpointEvery(),
        s.seed());
  }

  /** BLUR with a rate that every round corrects within these factors. */
  static TrainingSettings automatic(double least, double most) {
    return with(BLUR, new LearningRate.Automatic(BLUR.learningRate(), 1, 0.5, least, most));
  }

  private static int sum(int[] counts) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }
}
