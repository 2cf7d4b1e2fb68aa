package org.lethe.jobs;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.lethe.model.Adapter;
import org.lethe.model.Projection;

/**
 * What is trained, in a form that travels to executors.
 *
 * @param kind full or lora
 * @param rank of the factors
 * @param alpha scale before division by the rank
 * @param dropout share of inputs that are zeroed
 * @param targets module names
 * @param seed of the first factors
 */
record AdapterSettings(
    Kind kind, int rank, double alpha, double dropout, List<String> targets, long seed)
    implements Serializable {
  enum Kind {
    FULL,
    LORA
  }

  AdapterSettings {
    targets = List.copyOf(targets);
  }

  static AdapterSettings full() {
    return new AdapterSettings(Kind.FULL, 1, 1, 0, List.of(), 0);
  }

  static AdapterSettings read(ConfigurationReader reader) {
    String lora = "lethe.model.lora.";
    String kind = reader.choice("lethe.model.adapter", "full", "lora");
    AdapterSettings settings =
        new AdapterSettings(
            kind.equals("lora") ? Kind.LORA : Kind.FULL,
            reader.integer(lora + "rank", 1, 65_536),
            reader.positive(lora + "alpha"),
            reader.number(lora + "dropout", 0, 1),
            reader.texts(lora + "targets"),
            reader.wholeNumber(lora + "seed", Long.MIN_VALUE, Long.MAX_VALUE));
    for (String target : settings.targets()) {
      if (Projection.ofModuleName(target).isEmpty()) {
        reader.problem(lora + "targets", "some of " + Projection.moduleNames());
        return full();
      }
    }
    return reader.make("lethe.model.lora", settings::adapter).isPresent() ? settings : full();
  }

  boolean isLora() {
    return kind == Kind.LORA;
  }

  Adapter adapter() {
    if (kind == Kind.FULL) {
      return Adapter.full();
    }
    Set<Projection> projections = EnumSet.noneOf(Projection.class);
    targets.forEach(name -> Projection.ofModuleName(name).ifPresent(projections::add));
    return new Adapter.Lora(rank, alpha, dropout, projections, seed);
  }
}
