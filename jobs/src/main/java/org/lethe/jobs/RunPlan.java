package org.lethe.jobs;

import java.util.List;
import java.util.Optional;
import org.lethe.cluster.AlternativeSource;
import org.lethe.cluster.TrainingSettings;
import org.lethe.corpus.ShardSettings;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.run.Gate;
import org.lethe.run.Soundness;

/**
 * Everything that some stages need, bound and checked before any of them begins. What a stage that
 * is not asked for would need is absent.
 *
 * @param model the model that is given
 * @param platform what the machine must be
 * @param workers that train at the same time
 * @param evaluationWorkers that evaluate at the same time
 * @param shard how to shard
 * @param finetune how to fine-tune
 * @param unlearn how to unlearn
 * @param alternatives where other answers to forget prompts come from, if the forget loss uses them
 * @param evaluate how to evaluate
 * @param gates that a model must pass
 * @param soundness what counts as a collapse
 * @param mergesAdapter whether full weights are released beside an adapter's
 * @param exampleRows rows named in the report
 * @param maxLength tokens per example, for the memory check
 */
record RunPlan(
    ModelSettings model,
    PlatformSettings platform,
    int workers,
    int evaluationWorkers,
    Optional<ShardSettings> shard,
    Optional<TrainingSettings> finetune,
    Optional<TrainingSettings> unlearn,
    Optional<AlternativeSource> alternatives,
    Optional<EvaluationSettings> evaluate,
    List<Gate> gates,
    Soundness soundness,
    boolean mergesAdapter,
    int exampleRows,
    int maxLength) {

  static RunPlan read(ConfigurationReader reader, List<Stage> stages) {
    ModelSettings model = ModelSettings.read(reader);
    int workers = reader.integer("lethe.unlearn.workers", 1, 100_000);
    return new RunPlan(
        model,
        PlatformSettings.read(reader),
        workers,
        reader.integer("lethe.evaluate.workers", 1, 100_000),
        stages.contains(Stage.SHARD) ? CorpusBinding.read(reader, workers) : Optional.empty(),
        stages.contains(Stage.FINETUNE) ? TrainingBinding.finetune(reader) : Optional.empty(),
        stages.contains(Stage.UNLEARN) ? TrainingBinding.unlearn(reader) : Optional.empty(),
        stages.contains(Stage.UNLEARN) ? AlternativeBinding.read(reader) : Optional.empty(),
        stages.contains(Stage.EVALUATE) ? EvaluationBinding.read(reader) : Optional.empty(),
        GateBinding.read(reader),
        new Soundness(reader.number("lethe.release.collapse-limit", 0, 1)),
        reader.choice("lethe.release.lora", "adapter", "merged").equals("merged"),
        reader.integer("lethe.release.example-rows", 0, 100),
        reader.integer("lethe.shard.max-length", 2, 1 << 20));
  }
}
