package org.lethe.jobs.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.EvaluationDecoderSource;
import org.lethe.cluster.evaluation.EvaluationRequest;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Adapter;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.Gate;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;
import org.lethe.spark.RunMetrics;

/** Evaluations of models on shards of a run, each behind its manifest. */
final class Evaluations {
  private static final Sections SECTIONS =
      Sections.of("lethe.evaluate", RunArtifacts.SHARDS_PER_CORPUS);

  private final JobContext job;
  private final StageContext context;
  private final RunArtifacts artifacts;
  private final EvaluatePlan plan;

  Evaluations(StageContext context, EvaluatePlan plan) {
    this.context = context;
    this.job = context.job();
    this.artifacts = context.artifacts();
    this.plan = plan;
  }

  /** The sections of a candidate's evaluation: LoRA factors are scaled as configured. */
  static Sections candidateSections(EvaluatePlan plan) {
    return plan.readsFactors() ? SECTIONS.and("lethe.model.lora") : SECTIONS;
  }

  /** Evaluates the model that unlearning begins with. */
  void before() {
    evaluate("before", artifacts.inputSource(Adapter.frozen()), artifacts.inputModel(), SECTIONS);
  }

  /** Evaluates the candidate. */
  void after() {
    evaluate(
        "after", artifacts.candidateSource(), artifacts.candidateBase(), candidateSections(plan));
  }

  /** Evaluates the model that unlearning begins with on unseen rows. */
  void unseenBefore() {
    unseen("before", artifacts.inputSource(Adapter.full()), artifacts.inputModel(), SECTIONS);
  }

  /** Evaluates the candidate on unseen rows. */
  void unseenAfter() {
    unseen(
        "after", artifacts.candidateSource(), artifacts.candidateBase(), candidateSections(plan));
  }

  private void unseen(String when, PretrainedDecoder source, URI tokenizer, Sections sections) {
    evaluate(
        Gate.UNSEEN + when,
        source,
        tokenizer,
        sections,
        artifacts.unseenFiles(),
        Digests.of(artifacts.unseenManifest().outputs()));
  }

  /**
   * Evaluates any model on the shards that were trained on, and keeps only the figures.
   *
   * @param folder for the figures
   */
  void onTrainingShards(PretrainedDecoder source, URI tokenizer, Path folder) {
    EvaluationStage.run(
        job.spark(),
        request(artifacts.shardFiles(), source, tokenizer, folder),
        (stage, done, total) -> {});
    // The local file system keeps a checksum beside the file.
    for (String rows : List.of(EvaluationStage.ROWS, "." + EvaluationStage.ROWS + ".crc")) {
      Documents.delete(job.directory().fileSystem(), new Path(folder, rows));
    }
  }

  /**
   * Evaluates the candidate on the forget set of an earlier request.
   *
   * @param name of the evaluation's folder
   * @param other the earlier request's run
   */
  void onEarlierRequest(String name, RunArtifacts other) {
    String forget = CorpusSet.FORGET.label();
    evaluate(
        name,
        artifacts.candidateSource(),
        artifacts.candidateBase(),
        candidateSections(plan),
        Map.of(forget, other.shardFiles().get(forget)),
        other.shardsDigest());
  }

  private void evaluate(String when, PretrainedDecoder source, URI tokenizer, Sections sections) {
    EvaluationShards shards = artifacts.evaluationShards();
    evaluate(when, source, tokenizer, sections, shards.files(), shards.digest());
  }

  private void evaluate(
      String when,
      PretrainedDecoder source,
      URI tokenizer,
      Sections sections,
      Map<String, List<String>> shards,
      String shardsDigest) {
    Progress progress = job.progress(when);
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", source.digest());
    digests.put("shards", shardsDigest);
    Path folder = artifacts.evaluation(when);
    EvaluationRequest request = request(shards, source, tokenizer, folder);
    try {
      Stages.Outcome outcome =
          job.stages()
              .run(
                  context.inputs("evaluate-" + when, digests, sections),
                  folder,
                  Partial.DISCARD,
                  () ->
                      EvaluationStage.run(
                          job.spark(),
                          request,
                          (stage, done, total) -> progress.update(done, total, "rows", "")));
      EvaluationFigures figures = artifacts.figures(when);
      RunMetrics metrics = RunMetrics.of(job.spark());
      figures.means().forEach((name, value) -> metrics.set(when + "." + name, value));
      progress.finish(headline(figures), outcome);
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private EvaluationRequest request(
      Map<String, List<String>> shards, PretrainedDecoder source, URI tokenizer, Path folder) {
    return new EvaluationRequest(
        shards,
        new EvaluationDecoderSource(source, tokenizer.toString(), context.plan().model().cache()),
        plan.settings(),
        folder.toString(),
        plan.workers());
  }

  private static String headline(EvaluationFigures figures) {
    List<String> parts = new ArrayList<>();
    for (String set : List.of("forget", "retain", Gate.UNSEEN + "forget")) {
      String recited = set + ".rouge-l-recall";
      Optional<Double> rouge = figures.mean(recited);
      if (rouge.isPresent()) {
        parts.add(String.format(Locale.ROOT, "%s: recites %.0f %%", set, 100 * rouge.get()));
      } else if (figures.notMeasured().containsKey(recited)) {
        parts.add(set + ": recitation not measured (" + figures.reason(recited) + ")");
      } else {
        figures
            .mean(set + ".loss")
            .ifPresent(loss -> parts.add(String.format(Locale.ROOT, "%s: loss %.3f", set, loss)));
      }
    }
    return String.join(", ", parts);
  }
}
