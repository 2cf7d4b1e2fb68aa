package org.lethe.jobs.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.model.Adapter;
import org.lethe.model.arithmetic.ModuleArithmetic;
import org.lethe.reveal.search.WeightSearch;

/** Binds lethe.reveal.release. */
final class ArithmeticBinding {
  private static final String SECTION = "lethe.reveal.release";
  private static final Choices<ReleaseMethod> METHODS = Choices.of(ReleaseMethod.class);
  private static final Choices<RetainModule> RETAIN_MODULES = Choices.of(RetainModule.class);

  static final Choices<Method<ModuleArithmetic>> VARIANTS =
      Choices.<Method<ModuleArithmetic>>of("plain", section -> ModuleArithmetic.Plain::new)
          .or("ext-sub", section -> ModuleArithmetic.ExtractionBeforeSubtraction::new)
          .or("ethos", ArithmeticBinding::ethos);

  private enum ReleaseMethod {
    BLUR,
    ARITHMETIC
  }

  private enum RetainModule {
    NONE,
    TRAINED
  }

  private ArithmeticBinding() {}

  /** Whether a run unlearns by arithmetic what it revealed. */
  static boolean isChosen(ConfigurationReader reader) {
    return RevealedData.isConfigured(reader) && method(reader) == ReleaseMethod.ARITHMETIC;
  }

  private static ReleaseMethod method(ConfigurationReader reader) {
    return reader.choice(SECTION + ".method", METHODS);
  }

  /** Validates all keys; empty if lethe.unlearn trains on what was revealed. */
  static Optional<UnlearnPlan.Arithmetic> read(ConfigurationReader reader) {
    Section section = new Section(reader, SECTION + ".arithmetic");
    ModuleArithmetic arithmetic = Method.chosen(section, "variant", VARIANTS);
    boolean retain = section.choice("retain-module", RETAIN_MODULES) == RetainModule.TRAINED;
    double retainWeight = section.notNegative("retain-weight");
    double orthogonality = section.notNegative("orthogonality");
    Optional<WeightSearch.Settings> search =
        reader.make(
            SECTION + ".arithmetic",
            () ->
                new WeightSearch.Settings(
                    weights(section),
                    section.number("enough", 0, 1),
                    section.notNegative("retain-rise")));
    Optional<TrainingSettings> training = TrainingBinding.ordinary(reader, SECTION + ".module");
    if (method(reader) != ReleaseMethod.ARITHMETIC) {
      return Optional.empty();
    }
    if (arithmetic.needsRetain() && !retain) {
      section.problem("retain-module", "trained, since ext-sub is defined by both modules");
    }
    if (orthogonality > 0 && !retain) {
      section.problem("orthogonality", "0 without a retain module");
    }
    AdapterBinding.requireAllWeights(
        reader,
        "modules are taken out of whole weights; lethe.model.lora is the shape of the modules");
    Optional<Adapter.Lora> lora = AdapterBinding.lora(reader);
    Optional<EvaluatePlan> evaluation = EvaluationBinding.read(reader);
    return search.isEmpty() || training.isEmpty() || lora.isEmpty() || evaluation.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new UnlearnPlan.Arithmetic(
                arithmetic,
                retain ? OptionalDouble.of(retainWeight) : OptionalDouble.empty(),
                orthogonality,
                search.get(),
                lora.get(),
                training.get(),
                evaluation.get()));
  }

  private static Supplier<ModuleArithmetic> ethos(Section section) {
    double threshold = section.number("ethos-threshold", 0, 0.999);
    return () -> new ModuleArithmetic.Ethos(threshold);
  }

  private static List<Double> weights(Section section) {
    try {
      return section.texts("weights").stream().map(Double::valueOf).toList();
    } catch (NumberFormatException e) {
      section.problem("weights", "numbers");
      return List.of(1.0);
    }
  }
}
