package org.lethe.jobs.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.cluster.training.AlternativeSource;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.FieldNames;
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
 * @param reveal how to reveal, where topic cards are given in place of a forget corpus
 * @param fields of the corpora
 * @param shard how to shard
 * @param finetune how to fine-tune
 * @param finetuneSets what fine-tuning trains on
 * @param unlearn how to unlearn
 * @param alternatives where other answers to forget prompts come from, if the forget loss uses them
 * @param evaluate how to evaluate
 * @param gates that a model must pass
 * @param soundness what counts as a collapse
 * @param mergesAdapter whether full weights are released beside an adapter's
 * @param exampleRows rows named in the report
 * @param maxLength tokens per example, for the memory check
 */
public record RunPlan(
    ModelSettings model,
    PlatformSettings platform,
    int workers,
    int evaluationWorkers,
    Optional<RevealKeys> reveal,
    FieldNames fields,
    Optional<ShardSettings> shard,
    Optional<TrainingSettings> finetune,
    Set<CorpusSet> finetuneSets,
    Optional<TrainingSettings> unlearn,
    Optional<AlternativeSource> alternatives,
    Optional<EvaluationSettings> evaluate,
    List<Gate> gates,
    Soundness soundness,
    boolean mergesAdapter,
    int exampleRows,
    int maxLength) {

  public static RunPlan read(ConfigurationReader reader, List<Stage> stages) {
    ModelSettings model = ModelSettings.read(reader);
    int workers = reader.integer("lethe.unlearn.workers", 1, 100_000);
    return new RunPlan(
        model,
        PlatformSettings.read(reader),
        workers,
        reader.integer("lethe.evaluate.workers", 1, 100_000),
        RevealBinding.read(reader),
        CorpusBinding.fields(reader),
        stages.contains(Stage.SHARD) ? CorpusBinding.read(reader, workers) : Optional.empty(),
        stages.contains(Stage.FINETUNE) ? TrainingBinding.finetune(reader) : Optional.empty(),
        TrainingBinding.finetuneSets(reader),
        stages.contains(Stage.UNLEARN) ? TrainingBinding.unlearn(reader) : Optional.empty(),
        stages.contains(Stage.UNLEARN) ? AlternativeBinding.read(reader) : Optional.empty(),
        stages.contains(Stage.EVALUATE) ? EvaluationBinding.read(reader) : Optional.empty(),
        GateBinding.read(reader),
        new Soundness(reader.number("lethe.release.collapse-limit", 0, 1)),
        reader.choice("lethe.release.lora", "adapter", "merged").equals("merged"),
        reader.integer("lethe.release.example-rows", 0, 100),
        reader.integer("lethe.shard.max-length", 2, 1 << 20));
  }

  /** The same with another model to begin with. */
  public RunPlan withModel(URI uri) {
    return new RunPlan(
        new ModelSettings(uri, model.cache(), model.adapter(), model.template()),
        platform,
        workers,
        evaluationWorkers,
        reveal,
        fields,
        shard,
        finetune,
        finetuneSets,
        unlearn,
        alternatives,
        evaluate,
        gates,
        soundness,
        mergesAdapter,
        exampleRows,
        maxLength);
  }
}
