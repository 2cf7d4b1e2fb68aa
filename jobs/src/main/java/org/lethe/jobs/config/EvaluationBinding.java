package org.lethe.jobs.config;

import java.util.Optional;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.model.Adapter;

/** Binds lethe.evaluate. */
final class EvaluationBinding {
  private static final String SECTION = "lethe.evaluate";
  private static final Choices<Generation> GENERATIONS = Choices.of(Generation.class);

  private EvaluationBinding() {}

  static Optional<EvaluatePlan> read(ConfigurationReader reader) {
    Section section = new Section(reader, SECTION);
    int margin = section.integer("answer-margin", 0, 1 << 20);
    int limit = section.integer("limit", 0, Integer.MAX_VALUE);
    return reader
        .make(
            SECTION,
            () ->
                new EvaluationSettings(
                    section.integer("batch-size", 1, 1 << 20),
                    section.choice("generation", GENERATIONS),
                    section.integer("max-new-tokens", 1, 1 << 20),
                    margin == 0 ? EvaluationSettings.NO_ANSWER_LIMIT : margin,
                    limit == 0 ? EvaluationSettings.ALL_ROWS : limit,
                    section.seed("seed")))
        .map(settings -> new EvaluatePlan(settings, workers(reader), candidate(reader)));
  }

  /**
   * The candidate is what is released: merged factors are whole weights, rounded as in its files.
   */
  private static Adapter candidate(ConfigurationReader reader) {
    return UnlearnPlan.LoraRelease.read(reader) == UnlearnPlan.LoraRelease.MERGED
        ? Adapter.full()
        : AdapterBinding.read(reader);
  }

  /** Spark tasks that evaluate at the same time. */
  static int workers(ConfigurationReader reader) {
    return reader.integer(SECTION + ".workers", 1, 100_000);
  }
}
