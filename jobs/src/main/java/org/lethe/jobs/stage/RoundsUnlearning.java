package org.lethe.jobs.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.monitor.MonitorPlan;
import org.lethe.cluster.training.AlternativeRequest;
import org.lethe.cluster.training.AlternativeSource;
import org.lethe.cluster.training.AlternativeStage;
import org.lethe.cluster.training.TrainingResult;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.jobs.config.ModelSettings;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.UnlearnPlan;
import org.lethe.jobs.console.Progress;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/** Unlearning by training in rounds. */
final class RoundsUnlearning implements UnlearnWork.Variant {
  private static final Sections ALTERNATIVES =
      Sections.of(
              "lethe.unlearn.forget-loss",
              "lethe.unlearn.alternatives",
              RunArtifacts.SHARDS_PER_CORPUS)
          .and(ModelSettings.PROMPTS);

  private final UnlearnPlan.Rounds plan;

  RoundsUnlearning(UnlearnPlan.Rounds plan) {
    this.plan = plan;
  }

  @Override
  public Sections sections() {
    Sections sections =
        Sections.of(
            "lethe.unlearn", "lethe.model.adapter", "lethe.model.train", "lethe.model.lora");
    if (!plan.trainsFactors()) {
      return sections;
    }
    // Only merging adds a file to the result, so results without it stay valid without the key.
    return plan.writesWeights()
        ? sections.and("lethe.release.base-model").and("lethe.release.lora")
        : sections.and("lethe.release.base-model");
  }

  @Override
  public void check(StageContext context) {
    ModelDirectory model = context.artifacts().givenModel();
    plan.settings().check(model.architecture(), plan.adapter());
    new Trainings(context)
        .checkMemory(
            context.job().directory().candidate(),
            plan.adapter(),
            plan.settings(),
            plan.stop(),
            model);
  }

  @Override
  public void run(StageContext context) {
    RunArtifacts artifacts = context.artifacts();
    RunDirectory directory = context.job().directory();
    PretrainedDecoder source = artifacts.inputSource(plan.adapter());
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", source.digest());
    digests.put("shards", artifacts.shardsDigest());
    List<WorkerShards> shards =
        plan.alternatives()
            .map(alternatives -> withAlternatives(context, alternatives, source, digests))
            .orElseGet(artifacts::workerShards);
    Optional<MonitorPlan> monitor = plan.stop().map(stop -> monitor(artifacts, stop, digests));
    Trainings trainings = new Trainings(context);
    trainings.run(
        new Trainings.Task(
            "unlearn",
            directory,
            directory.candidate(),
            context.inputs("unlearn", digests, sections()),
            source,
            shards,
            plan.settings(),
            monitor),
        result -> write(artifacts, trainings, source, result));
  }

  private static MonitorPlan monitor(
      RunArtifacts artifacts, StopSettings stop, SortedMap<String, String> digests) {
    digests.put("unseen", Digests.of(artifacts.unseenManifest().outputs()));
    artifacts
        .neutralManifest()
        .ifPresent(neutral -> digests.put("neutral", Digests.of(neutral.outputs())));
    return new MonitorPlan(
        stop,
        artifacts.unseenFiles().values().stream().flatMap(List::stream).toList(),
        artifacts.neutralFiles());
  }

  private void write(
      RunArtifacts artifacts,
      Trainings trainings,
      PretrainedDecoder source,
      TrainingResult result) {
    if (plan.writesWeights()) {
      trainings.writeModel(
          source, result, artifacts.candidateModel().toUri(), artifacts.inputModel());
    }
    if (plan.trainsFactors()) {
      trainings.writeAdapter(
          source,
          result,
          artifacts.candidateAdapter().toUri(),
          artifacts.baseName(source, plan.baseModel()));
    }
    result
        .stop()
        .ifPresent(
            outcome ->
                Documents.write(
                    artifacts.directory().fileSystem(),
                    new Path(artifacts.candidate(), StopOutcome.FILE),
                    outcome));
  }

  /** The shards with other answers beside them; writes the answers unless they exist. */
  static List<WorkerShards> withAlternatives(
      StageContext context,
      AlternativeSource alternatives,
      PretrainedDecoder source,
      SortedMap<String, String> digests) {
    RunArtifacts artifacts = context.artifacts();
    List<WorkerShards> shards = artifacts.workerShards();
    Path folder = context.job().directory().alternatives();
    AlternativeRequest request =
        new AlternativeRequest(
            shards.stream().map(worker -> worker.forget().get(0)).toList(),
            shards.stream().flatMap(worker -> worker.retain().stream()).toList(),
            alternatives,
            source,
            artifacts.tokenizer(artifacts.inputModel()),
            artifacts.shardReport().maxLength(),
            folder.toString());
    Progress progress = context.job().progress("alternatives");
    List<AlternativeStage.Totals> written = new ArrayList<>();
    try {
      Stages.Outcome outcome =
          context
              .job()
              .stages()
              .run(
                  context.inputs("alternatives", digests, ALTERNATIVES),
                  folder,
                  Partial.DISCARD,
                  () -> written.add(AlternativeStage.run(context.job().spark(), request)));
      progress.finish(written.isEmpty() ? "answers" : words(written.get(0)), outcome);
      digests.put("alternatives", Digests.of(outcome.manifest().outputs()));
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

  private static String words(AlternativeStage.Totals answers) {
    return String.format(
        Locale.ROOT,
        "%d other answers to %d rows%s",
        answers.answers(),
        answers.rows(),
        answers.unchanged() == 0 ? "" : ", " + answers.unchanged() + " with the same content");
  }
}
