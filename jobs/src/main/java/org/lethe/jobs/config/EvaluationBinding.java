package org.lethe.jobs.config;

import java.util.Optional;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;

/** Binds lethe.evaluate. */
final class EvaluationBinding {
  private EvaluationBinding() {}

  static Optional<EvaluationSettings> read(ConfigurationReader reader) {
    String prefix = "lethe.evaluate.";
    int margin = reader.integer(prefix + "answer-margin", 0, 1 << 20);
    int limit = reader.integer(prefix + "limit", 0, Integer.MAX_VALUE);
    return reader.make(
        "lethe.evaluate",
        () ->
            new EvaluationSettings(
                reader.integer(prefix + "batch-size", 1, 1 << 20),
                reader.choice(prefix + "generation", "greedy", "none").equals("greedy")
                    ? Generation.GREEDY
                    : Generation.NONE,
                reader.integer(prefix + "max-new-tokens", 1, 1 << 20),
                margin == 0 ? EvaluationSettings.NO_ANSWER_LIMIT : margin,
                limit == 0 ? EvaluationSettings.ALL_ROWS : limit,
                reader.wholeNumber(prefix + "seed", Long.MIN_VALUE, Long.MAX_VALUE)));
  }
}
