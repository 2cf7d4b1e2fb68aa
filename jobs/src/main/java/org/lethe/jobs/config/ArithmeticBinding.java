package org.lethe.jobs.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.model.Adapter;
import org.lethe.model.arithmetic.ModuleArithmetic;
import org.lethe.reveal.search.WeightSearch;

/** Binds lethe.reveal.release. */
final class ArithmeticBinding {
  private static final String SECTION = "lethe.reveal.release.";
  private static final String HOW = SECTION + "arithmetic.";

  private ArithmeticBinding() {}

  /** Empty if what is revealed is unlearnt as lethe.unlearn says. */
  static Optional<ArithmeticKeys> read(ConfigurationReader reader) {
    boolean asked = reader.choice(SECTION + "method", "blur", "arithmetic").equals("arithmetic");
    ModuleArithmetic arithmetic = arithmetic(reader);
    boolean retain = reader.choice(HOW + "retain-module", "none", "trained").equals("trained");
    double retainWeight = reader.number(HOW + "retain-weight", 0, Double.MAX_VALUE);
    double orthogonality = reader.number(HOW + "orthogonality", 0, Double.MAX_VALUE);
    Optional<WeightSearch.Settings> search =
        reader.make(
            SECTION + "arithmetic",
            () ->
                new WeightSearch.Settings(
                    weights(reader),
                    reader.number(HOW + "enough", 0, 1),
                    reader.number(HOW + "retain-rise", 0, Double.MAX_VALUE)));
    Optional<TrainingSettings> training = TrainingBinding.ordinary(reader, SECTION + "module");
    if (!asked) {
      return Optional.empty();
    }
    if (arithmetic.needsRetain() && !retain) {
      reader.problem(HOW + "retain-module", "trained, since ext-sub is defined by both modules");
    }
    if (orthogonality > 0 && !retain) {
      reader.problem(HOW + "orthogonality", "0 without a retain module");
    }
    if (!reader.choice("lethe.model.adapter", "full", "lora").equals("full")
        || !reader.texts("lethe.model.train").isEmpty()) {
      reader.problem(
          "lethe.model.adapter",
          "full and no lethe.model.train, since modules are taken out of whole weights;"
              + " lethe.model.lora is the shape of the modules");
    }
    Optional<Adapter.Lora> lora = AdapterBinding.lora(reader);
    return search.isEmpty() || training.isEmpty() || lora.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ArithmeticKeys(
                arithmetic,
                retain ? OptionalDouble.of(retainWeight) : OptionalDouble.empty(),
                orthogonality,
                search.get(),
                lora.get(),
                training.get()));
  }

  private static ModuleArithmetic arithmetic(ConfigurationReader reader) {
    double threshold = reader.number(HOW + "ethos-threshold", 0, 0.999);
    return switch (reader.choice(HOW + "variant", "plain", "ext-sub", "ethos")) {
      case "ext-sub" -> new ModuleArithmetic.ExtractionBeforeSubtraction();
      case "ethos" -> new ModuleArithmetic.Ethos(threshold);
      default -> new ModuleArithmetic.Plain();
    };
  }

  private static List<Double> weights(ConfigurationReader reader) {
    try {
      return reader.texts(HOW + "weights").stream().map(Double::valueOf).toList();
    } catch (NumberFormatException e) {
      reader.problem(HOW + "weights", "numbers");
      return List.of(1.0);
    }
  }
}
