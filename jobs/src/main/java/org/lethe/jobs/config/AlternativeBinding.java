package org.lethe.jobs.config;

import java.util.List;
import java.util.Optional;
import org.lethe.cluster.training.AlternativeSource;

/** Binds lethe.unlearn.alternatives: other answers, for the forget losses that train on them. */
final class AlternativeBinding {
  private static final String PREFIX = "lethe.unlearn.alternatives.";

  private AlternativeBinding() {}

  static Optional<AlternativeSource> read(ConfigurationReader reader) {
    List<String> refusals = reader.texts(PREFIX + "refusals");
    int answers = reader.integer(PREFIX + "answers", 1, 1000);
    String instruction = reader.required(PREFIX + "instruction", "the prompt for the model");
    double temperature = reader.positive(PREFIX + "temperature");
    int newTokens = reader.integer(PREFIX + "max-new-tokens", 1, 1 << 20);
    int tries = reader.integer(PREFIX + "tries", 1, 1000);
    int batchSize = reader.integer(PREFIX + "batch-size", 1, 1 << 20);
    long seed = reader.wholeNumber(PREFIX + "seed", Long.MIN_VALUE, Long.MAX_VALUE);
    return switch (ForgetLossBinding.alternatives(new Section(reader, "lethe.unlearn"))) {
      case NONE -> Optional.empty();
      case REFUSALS ->
          reader.make(PREFIX + "refusals", () -> new AlternativeSource.Refusals(refusals, seed));
      case WRITTEN ->
          reader.make(
              PREFIX + "instruction",
              () ->
                  new AlternativeSource.Written(
                      answers, instruction, temperature, newTokens, tries, batchSize, seed));
    };
  }
}
