package org.lethe.jobs.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.training.AlternativeRequest;
import org.lethe.cluster.training.AlternativeSource;
import org.lethe.cluster.training.AlternativeStage;
import org.lethe.cluster.training.RoundMetrics;
import org.lethe.cluster.training.Training;
import org.lethe.cluster.training.TrainingListener;
import org.lethe.cluster.training.TrainingPlan;
import org.lethe.cluster.training.TrainingResult;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.corpus.CorpusSet;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.directory.AdapterDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.run.Digests;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/** The stages that train: finetune, which makes a target model, and unlearn. */
public final class TrainWork {
  private final JobContext context;
  private final RunPlan plan;
  private final RunArtifacts contents;
  private final RunDirectory directory;
  private final Configuration hadoop;

  public TrainWork(JobContext context, RunPlan plan, RunArtifacts contents) {
    this.context = context;
    this.plan = plan;
    this.contents = contents;
    this.directory = context.directory();
    this.hadoop = context.spark().hadoopConfiguration();
  }

  public void finetune(TrainingSettings settings) {
    RunDirectory target = contents.target();
    PretrainedDecoder source =
        contents.source(plan.model().uri(), contents.inputModelDigest(), Adapter.full());
    List<WorkerShards> shards =
        contents.workerShards().stream().map(s -> s.asOneCorpus(plan.finetuneSets())).toList();
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", source.digest());
    inputs.put("shards", contents.shardsDigest());
    train(
        "finetune",
        target,
        target.model(),
        contents.inputs("finetune", inputs, "lethe.finetune"),
        source,
        shards,
        settings,
        result -> writeModel(source, result, target.model().toUri(), plan.model().uri()));
  }

  public void unlearn(TrainingSettings settings) {
    PretrainedDecoder source = contents.inputSource(plan.model().adapter());
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", source.digest());
    inputs.put("shards", contents.shardsDigest());
    List<WorkerShards> shards =
        plan.alternatives()
            .map(alternatives -> withAlternatives(alternatives, source, inputs))
            .orElseGet(contents::workerShards);
    train(
        "unlearn",
        directory,
        directory.candidate(),
        contents.inputs(
            "unlearn",
            inputs,
            "lethe.unlearn",
            "lethe.model.adapter",
            "lethe.model.train",
            "lethe.model.lora"),
        source,
        shards,
        settings,
        result -> {
          boolean merges = plan.mergesAdapter() || !plan.model().trainsFactors();
          if (merges) {
            writeModel(source, result, contents.candidateModel().toUri(), contents.inputModel());
          }
          if (plan.model().trainsFactors()) {
            writeAdapter(source, result, contents.candidateAdapter().toUri());
          }
        });
  }

  /**
   * A LoRA module that learns one of the sets by ordinary training, in a run directory of its own.
   *
   * @param set what it learns
   * @param settings how; what they hold beyond the configuration is told by the inputs
   * @param inputs of the stage beside model and shards
   * @return its PEFT directory
   */
  Path module(
      CorpusSet set, Adapter.Lora lora, TrainingSettings settings, Map<String, String> inputs) {
    String name = "module-" + set.label();
    RunDirectory where = directory.nested(name);
    Path module = new Path(where.candidate(), "module");
    PretrainedDecoder source = contents.inputSource(lora);
    SortedMap<String, String> all = new TreeMap<>(inputs);
    all.put("model", source.digest());
    all.put("shards", contents.shardsDigest());
    train(
        name,
        where,
        where.candidate(),
        contents.inputs(name, all, "lethe.reveal.release.module", "lethe.model.lora"),
        source,
        contents.workerShards().stream().map(s -> s.asOneCorpus(EnumSet.of(set))).toList(),
        settings,
        result -> writeAdapter(source, result, module.toUri()));
    return module;
  }

  /** The shards with other answers beside them, made if they are not there. */
  private List<WorkerShards> withAlternatives(
      AlternativeSource alternatives, PretrainedDecoder source, SortedMap<String, String> inputs) {
    List<WorkerShards> shards = contents.workerShards();
    Path folder = directory.alternatives();
    AlternativeRequest request =
        new AlternativeRequest(
            shards.stream().map(worker -> worker.forget().get(0)).toList(),
            alternatives,
            source,
            contents.tokenizer(contents.inputModel()),
            contents.shardReport().maxLength(),
            folder.toString());
    Progress progress = context.progress("alternatives");
    List<AlternativeStage.Made> made = new ArrayList<>();
    try {
      Stages.Outcome outcome =
          context
              .stages()
              .run(
                  contents.inputs(
                      "alternatives",
                      new TreeMap<>(inputs),
                      "lethe.unlearn.forget-loss",
                      "lethe.unlearn.alternatives",
                      "lethe.model.template"),
                  folder,
                  Partial.DISCARD,
                  () -> made.add(AlternativeStage.run(context.spark(), request)));
      progress.finish(made.isEmpty() ? "answers" : words(made.get(0)), outcome);
      inputs.put("alternatives", Digests.of(outcome.manifest().outputs()));
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
    return IntStream.range(0, shards.size())
        .mapToObj(
            worker ->
                shards
                    .get(worker)
                    .withAlternatives(List.of(AlternativeStage.file(folder.toString(), worker))))
        .toList();
  }

  private static String words(AlternativeStage.Made made) {
    return String.format(
        Locale.ROOT,
        "%d other answers to %d rows%s",
        made.answers(),
        made.rows(),
        made.unchanged() == 0 ? "" : ", " + made.unchanged() + " still say the same");
  }

  private void train(
      String name,
      RunDirectory where,
      Path folder,
      StageInputs inputs,
      PretrainedDecoder source,
      List<WorkerShards> shards,
      TrainingSettings settings,
      Consumer<TrainingResult> write) {
    Progress progress = context.progress(name);
    ShownRounds shown = new ShownRounds(progress);
    try {
      Stages.Outcome outcome =
          context
              .stages()
              .run(
                  inputs,
                  folder,
                  Partial.RESUME,
                  () -> {
                    TrainingResult result =
                        Training.run(
                            context.spark(),
                            new TrainingPlan(source, shards, settings, where),
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

  private void writeModel(
      PretrainedDecoder source, TrainingResult result, URI target, URI original) {
    withTrained(
        source,
        result,
        decoder ->
            new ModelDirectoryWriter(hadoop)
                .write(target, contents.openModel(original.toString()), decoder::forEachTensor));
  }

  private void writeAdapter(PretrainedDecoder source, TrainingResult result, URI target) {
    withTrained(
        source,
        result,
        decoder ->
            AdapterDirectory.write(
                target,
                hadoop,
                (Adapter.Lora) decoder.adapter(),
                source.model(),
                decoder.layout(),
                decoder.parameters()));
  }

  private void withTrained(
      PretrainedDecoder source, TrainingResult result, Consumer<Decoder> work) {
    // Training is over: the workers' copies would only take memory.
    ResidentModel.closeIdle();
    try (Decoder decoder = source.load(hadoop)) {
      decoder.parameters().assign(result.state().parameters());
      work.accept(decoder);
    }
  }

  /** Rounds as they end. */
  private static final class ShownRounds implements TrainingListener {
    private final Progress progress;
    private String last = "";
    private int rounds;

    ShownRounds(Progress progress) {
      this.progress = progress;
    }

    String summary() {
      return rounds == 0 ? "trained" : rounds + " rounds, " + last;
    }

    @Override
    public void started(int completedRounds, int total) {
      rounds = total;
      progress.update(completedRounds, total, "rounds", completedRounds > 0 ? "resumed" : "");
    }

    @Override
    public void roundFinished(RoundMetrics metrics, int total) {
      rounds = total;
      last =
          metrics.forgetExamples() > 0
              ? String.format(
                  Locale.ROOT,
                  "forget loss %.3f, retain loss %.3f",
                  metrics.forgetLoss(),
                  metrics.retainLoss())
              : String.format(Locale.ROOT, "loss %.3f", metrics.retainLoss());
      progress.update(metrics.round(), total, "rounds", last);
    }
  }
}
