package org.lethe.jobs.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.model.Adapter;

/** Binds lethe.model.adapter, lethe.model.train and lethe.model.lora. */
public final class AdapterBinding {
  private static final String KEY = "lethe.model.adapter";
  private static final String TRAIN = "lethe.model.train";
  private static final Choices<Kind> KINDS = Choices.of(Kind.class);

  private enum Kind {
    FULL,
    LORA
  }

  private AdapterBinding() {}

  static Adapter read(ConfigurationReader reader) {
    Kind kind = reader.choice(KEY, KINDS);
    List<String> train = reader.texts(TRAIN);
    if (kind == Kind.FULL) {
      return train.isEmpty()
          ? Adapter.full()
          : reader.<Adapter>make(TRAIN, () -> new Adapter.Chosen(train)).orElse(Adapter.full());
    }
    if (!train.isEmpty()) {
      reader.problem(TRAIN, "nothing, since lethe.model.adapter is lora");
    }
    return lora(reader).<Adapter>map(factors -> factors).orElse(Adapter.full());
  }

  /** The LoRA factors as configured, whatever lethe.model.adapter is. */
  static Optional<Adapter.Lora> lora(ConfigurationReader reader) {
    String lora = "lethe.model.lora.";
    int rank = reader.integer(lora + "rank", 1, 65_536);
    double alpha = reader.positive(lora + "alpha");
    double dropout = reader.number(lora + "dropout", 0, 1);
    long seed = reader.wholeNumber(lora + "seed", Long.MIN_VALUE, Long.MAX_VALUE);
    Set<String> targets = new LinkedHashSet<>(reader.texts(lora + "targets"));
    return reader.make(
        "lethe.model.lora", () -> new Adapter.Lora(rank, alpha, dropout, targets, seed));
  }

  static boolean isLora(ConfigurationReader reader) {
    return reader.choice(KEY, KINDS) == Kind.LORA;
  }

  /**
   * Reports a problem unless whole weights are trained.
   *
   * @param reason for the message
   */
  public static void requireWholeWeights(ConfigurationReader reader, String reason) {
    if (isLora(reader)) {
      reader.problem(KEY, "full, since " + reason);
    }
  }

  /**
   * Reports a problem unless all weights are free to change.
   *
   * @param reason for the message
   */
  static void requireAllWeights(ConfigurationReader reader, String reason) {
    if (isLora(reader) || !reader.texts(TRAIN).isEmpty()) {
      reader.problem(KEY, "full and no " + TRAIN + ", since " + reason);
    }
  }
}
