package org.lethe.cluster.training;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.TinyDecoder;
import org.lethe.cluster.monitor.MonitorPlan;
import org.lethe.corpus.ShardFixture;
import org.lethe.direction.LearningRate;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.monitor.ForgetTarget;
import org.lethe.evaluation.monitor.StopRule;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.model.Decoder;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Small trainings that end by stop rules. */
final class MonitorFixture {
  static final int ROUNDS = 12;
  static final int BISECTIONS = 5;
  private static final ForgetTarget TARGET = new ForgetTarget(List.of(Metric.PROBABILITY), 0);

  private MonitorFixture() {}

  /** A training that ends when its forget rows are like unseen rows. */
  static TrainingPlan plan(Path folder) {
    return plan(folder, List.of(new StopRule.LikeUnseen(TARGET)));
  }

  static TrainingPlan plan(Path folder, List<StopRule> rules) {
    TrainingPlan plan =
        TrainingFixture.plan(
            folder,
            TrainingFixture.with(
                TrainingFixture.with(TrainingFixture.BLUR, new LearningRate.Constant(4e-3, 0)),
                Averaging.PARAMETERS,
                ROUNDS,
                2,
                4));
    StopSettings stop = new StopSettings(rules, TARGET, 0, 64, BISECTIONS, 0, 42);
    String unseen =
        ShardFixture.write(folder.resolve("shards/unseen/worker-00000.parquet"), leastKnown());
    return new TrainingPlan(
        plan.model(),
        plan.shards(),
        plan.settings(),
        plan.directory(),
        Optional.of(new MonitorPlan(stop, List.of(unseen), List.of())));
  }

  /** Rows that the model finds less probable than the forget rows. */
  private static List<Example> leastKnown() {
    try (Decoder decoder = TinyDecoder.FLOAT.load(new Configuration())) {
      return ShardFixture.examples("unseen", 100, TinyDecoder.VOCABULARY).stream()
          .sorted(
              Comparator.comparingDouble(
                  row -> -decoder.forward(Batch.of(List.of(row))).sum(0) / row.completionTokens()))
          .limit(8)
          .toList();
    }
  }
}
