package org.lethe.jobs.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.model.Adapter;
import org.lethe.model.Projection;

/** Reads lethe.model.adapter, lethe.model.train and lethe.model.lora. */
final class AdapterBinding {
  private AdapterBinding() {}

  static Adapter read(ConfigurationReader reader) {
    String kind = reader.choice("lethe.model.adapter", "full", "lora");
    List<String> train = reader.texts("lethe.model.train");
    if (kind.equals("full")) {
      return train.isEmpty()
          ? Adapter.full()
          : reader
              .<Adapter>make("lethe.model.train", () -> new Adapter.Chosen(train))
              .orElse(Adapter.full());
    }
    if (!train.isEmpty()) {
      reader.problem("lethe.model.train", "nothing, since lethe.model.adapter is lora");
    }
    return lora(reader).<Adapter>map(factors -> factors).orElse(Adapter.full());
  }

  /** LoRA factors as configured, whether or not the model is trained with them. */
  static Optional<Adapter.Lora> lora(ConfigurationReader reader) {
    String lora = "lethe.model.lora.";
    int rank = reader.integer(lora + "rank", 1, 65_536);
    double alpha = reader.positive(lora + "alpha");
    double dropout = reader.number(lora + "dropout", 0, 1);
    long seed = reader.wholeNumber(lora + "seed", Long.MIN_VALUE, Long.MAX_VALUE);
    Set<Projection> targets = EnumSet.noneOf(Projection.class);
    for (String name : reader.texts(lora + "targets")) {
      Projection.ofModuleName(name)
          .ifPresentOrElse(
              targets::add,
              () -> reader.problem(lora + "targets", "some of " + Projection.moduleNames()));
    }
    return reader.make(
        "lethe.model.lora", () -> new Adapter.Lora(rank, alpha, dropout, targets, seed));
  }
}
