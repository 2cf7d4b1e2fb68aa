package org.lethe.jobs.stage;

import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.monitor.MonitorPlan;
import org.lethe.cluster.training.Training;
import org.lethe.cluster.training.TrainingPlan;
import org.lethe.cluster.training.TrainingResult;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.console.Progress;
import org.lethe.jobs.console.ShownRounds;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.directory.AdapterDirectory;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;
import org.lethe.spark.RunMetrics;

/** Trainings of a run, each behind its manifest: targets, candidates and modules. */
final class Trainings {
  private static final Sections MODULE =
      Sections.of(
          "lethe.reveal.release.module", "lethe.model.lora", RunArtifacts.SHARDS_PER_CORPUS);

  private final StageContext context;
  private final Configuration hadoop;

  Trainings(StageContext context) {
    this.context = context;
    this.hadoop = context.job().spark().hadoopConfiguration();
  }

  /**
   * One training.
   *
   * @param name of its result
   * @param directory that holds its rounds
   * @param folder of its result
   * @param inputs of its result
   * @param source the model that it begins with
   * @param shards the examples of each worker
   * @param settings of the training
   * @param monitor what ends it before its last round; empty if nothing does
   */
  record Task(
      String name,
      RunDirectory directory,
      Path folder,
      StageInputs inputs,
      PretrainedDecoder source,
      List<WorkerShards> shards,
      TrainingSettings settings,
      Optional<MonitorPlan> monitor) {}

  /** Fails if a training that is not done needs more memory than there is. */
  void checkMemory(
      Path folder,
      Adapter adapter,
      TrainingSettings settings,
      Optional<StopSettings> stop,
      ModelDirectory model) {
    JobContext job = context.job();
    if (!Documents.exists(job.directory().fileSystem(), RunDirectory.manifest(folder))) {
      MemoryBudget.check(
          context.plan(),
          adapter,
          settings,
          stop,
          MemoryBudget.Model.of(model),
          workersOfProcess());
    }
  }

  private int workersOfProcess() {
    return context.job().spark().isLocal() ? context.plan().workers() : 1;
  }

  /** The model of a training, with activations kept if they fit into memory. */
  private PretrainedDecoder planned(Task task) {
    ModelDirectory model = context.artifacts().openModel(task.source.model());
    return task.source.with(
        MemoryBudget.activations(
            context.plan(),
            task.source.adapter(),
            task.settings,
            task.monitor.map(MonitorPlan::stop),
            MemoryBudget.Model.of(model),
            workersOfProcess()));
  }

  /** The run directory of a module. */
  private RunDirectory moduleDirectory(CorpusSet set) {
    return context.job().directory().nested(moduleName(set));
  }

  private static String moduleName(CorpusSet set) {
    return "module-" + set.label();
  }

  /** Fails if the training of a module needs more memory than there is. */
  void checkModule(
      CorpusSet set, Adapter.Lora lora, TrainingSettings settings, ModelDirectory model) {
    checkMemory(moduleDirectory(set).candidate(), lora, settings, Optional.empty(), model);
  }

  /**
   * A LoRA module that learns one of the sets by ordinary training, in a run directory of its own.
   *
   * @param set that it learns
   * @param settings of the training; whatever they hold beyond the configuration is among the
   *     digests
   * @param digests of the inputs beside model and shards
   * @return its PEFT directory
   */
  Path module(
      CorpusSet set, Adapter.Lora lora, TrainingSettings settings, Map<String, String> digests) {
    RunArtifacts artifacts = context.artifacts();
    String name = moduleName(set);
    RunDirectory directory = moduleDirectory(set);
    Path module = new Path(directory.candidate(), "module");
    PretrainedDecoder source = artifacts.inputSource(lora);
    SortedMap<String, String> all = new TreeMap<>(digests);
    all.put("model", source.digest());
    all.put("shards", artifacts.shardsDigest());
    run(
        new Task(
            name,
            directory,
            directory.candidate(),
            context.inputs(name, all, MODULE),
            source,
            artifacts.workerShards().stream().map(s -> s.asOneCorpus(EnumSet.of(set))).toList(),
            settings,
            Optional.empty()),
        result ->
            writeAdapter(
                source, result, module.toUri(), artifacts.baseName(source, Optional.empty())));
    return module;
  }

  /** Trains, unless the result exists. */
  void run(Task task, Consumer<TrainingResult> write) {
    Progress progress = context.job().progress(task.name);
    ShownRounds shown = new ShownRounds(progress, RunMetrics.of(context.job().spark()));
    try {
      Stages.Outcome outcome =
          context
              .job()
              .stages()
              .run(
                  task.inputs,
                  task.folder,
                  Partial.RESUME,
                  () -> {
                    TrainingResult result =
                        Training.run(
                            context.job().spark(),
                            new TrainingPlan(
                                planned(task),
                                task.shards,
                                task.settings,
                                task.directory,
                                task.monitor),
                            shown);
                    try {
                      write.accept(result);
                    } finally {
                      result.state().close();
                    }
                  });
      progress.finish(shown.summary(), outcome);
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  /** Writes whole weights in the layout of another model directory. */
  void writeModel(PretrainedDecoder source, TrainingResult result, URI target, URI original) {
    withTrained(
        source,
        result,
        decoder ->
            new ModelDirectoryWriter(hadoop)
                .write(
                    target,
                    context.artifacts().openModel(original.toString()),
                    decoder::forEachTensor));
  }

  /**
   * Writes LoRA factors as a PEFT directory.
   *
   * @param base name of the model that PEFT loads below them
   */
  void writeAdapter(PretrainedDecoder source, TrainingResult result, URI target, String base) {
    withTrained(source, result, decoder -> AdapterDirectory.write(target, hadoop, base, decoder));
  }

  private void withTrained(
      PretrainedDecoder source, TrainingResult result, Consumer<Decoder> work) {
    // Training is over: the workers' copies would only take memory.
    ResidentModel.closeIdle();
    try (Decoder decoder = source.load(hadoop)) {
      decoder.parameters().math().copy(result.state().parameters(), decoder.parameters());
      work.accept(decoder);
    }
  }
}
