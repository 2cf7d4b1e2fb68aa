package org.lethe.jobs.config;

import java.util.List;
import java.util.Optional;
import org.lethe.cluster.training.AlternativeSource;
import org.lethe.jobs.config.ForgetLossBinding.Alternatives;

/** Binds lethe.unlearn.alternatives: other answers, for the forget losses that train on them. */
final class AlternativeBinding {
  private static final String PREFIX = "lethe.unlearn.alternatives.";
  private static final Choices<Origin> ORIGINS = Choices.of(Origin.class);

  private enum Origin {
    /** Refusals, or answers that the model writes, as the loss was published. */
    METHOD,
    SUBSTITUTION
  }

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
    Origin origin = reader.choice(PREFIX + "origin", ORIGINS);
    Alternatives needed = ForgetLossBinding.alternatives(new Section(reader, "lethe.unlearn"));
    if (needed != Alternatives.NONE && origin == Origin.SUBSTITUTION) {
      return reader.make(
          PREFIX + "answers", () -> new AlternativeSource.Substituted(answers, seed));
    }
    return switch (needed) {
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
