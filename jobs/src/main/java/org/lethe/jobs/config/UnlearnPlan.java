package org.lethe.jobs.config;

import java.util.Optional;
import java.util.OptionalDouble;
import org.lethe.cluster.training.AlternativeSource;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.model.Adapter;
import org.lethe.model.arithmetic.ModuleArithmetic;
import org.lethe.reveal.search.WeightSearch;

/** How the unlearn stage makes the model forget. */
public sealed interface UnlearnPlan {
  /** What a run that trains LoRA factors releases. */
  enum LoraRelease {
    /** A PEFT directory. */
    ADAPTER,
    /** Whole weights beside the PEFT directory. */
    MERGED;

    private static final Choices<LoraRelease> CHOICES = Choices.of(LoraRelease.class);

    static LoraRelease read(ConfigurationReader reader) {
      return reader.choice("lethe.release.lora", CHOICES);
    }
  }

  /** Reads the variant that the configuration chooses, and no keys of the other. */
  static Optional<UnlearnPlan> read(ConfigurationReader reader) {
    if (ArithmeticBinding.isChosen(reader)) {
      return ArithmeticBinding.read(reader).map(arithmetic -> arithmetic);
    }
    Optional<AlternativeSource> alternatives = AlternativeBinding.read(reader);
    Adapter adapter = AdapterBinding.read(reader);
    LoraRelease release = LoraRelease.read(reader);
    Optional<StopSettings> stop = StopBinding.read(reader);
    return TrainingBinding.unlearn(reader)
        .map(
            settings ->
                new Rounds(
                    settings,
                    stop,
                    alternatives,
                    adapter,
                    release,
                    adapter instanceof Adapter.Lora
                        ? reader.text("lethe.release.base-model")
                        : Optional.empty()));
  }

  /**
   * Training in rounds.
   *
   * @param settings of the training
   * @param stop when it ends before its last round; empty if it takes all rounds
   * @param alternatives source of other answers to forget prompts, if the forget loss uses them
   * @param adapter the weights that are trained
   * @param release what becomes of LoRA factors
   * @param baseModel name of the given model in a released adapter, if it is not its path
   */
  record Rounds(
      TrainingSettings settings,
      Optional<StopSettings> stop,
      Optional<AlternativeSource> alternatives,
      Adapter adapter,
      LoraRelease release,
      Optional<String> baseModel)
      implements UnlearnPlan {

    /** Whether LoRA factors are trained beside frozen weights. */
    public boolean trainsFactors() {
      return adapter instanceof Adapter.Lora;
    }

    /** Whether the stage writes whole weights. */
    public boolean writesWeights() {
      return !trainsFactors() || release == LoraRelease.MERGED;
    }
  }

  /**
   * Adapter arithmetic: lethe.reveal.release.
   *
   * @param arithmetic how a module is subtracted
   * @param retainWeight lambda_r; empty for no retain module
   * @param orthogonality weight of O-LoRA's penalty between both modules, 0 for none
   * @param search for lambda_f
   * @param lora shape of the modules
   * @param training of the modules
   * @param evaluation of the weights that the search tries
   */
  record Arithmetic(
      ModuleArithmetic arithmetic,
      OptionalDouble retainWeight,
      double orthogonality,
      WeightSearch.Settings search,
      Adapter.Lora lora,
      TrainingSettings training,
      EvaluatePlan evaluation)
      implements UnlearnPlan {}
}
