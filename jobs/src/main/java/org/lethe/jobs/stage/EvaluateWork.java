package org.lethe.jobs.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.EvaluationDecoderSource;
import org.lethe.cluster.evaluation.EvaluationRequest;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.corpus.CorpusSet;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Adapter;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/** The evaluate stage: the model before and, where unlearning made one, the candidate after. */
final class EvaluateWork {
  private final JobContext context;
  private final RunPlan plan;
  private final RunArtifacts contents;
  private final RunDirectory directory;

  EvaluateWork(JobContext context, RunPlan plan, RunArtifacts contents) {
    this.context = context;
    this.plan = plan;
    this.contents = contents;
    this.directory = context.directory();
  }

  void run(EvaluationSettings settings) {
    evaluate(settings, "before", contents.inputSource(Adapter.full()), contents.inputModel());
    if (Documents.exists(directory.fileSystem(), RunDirectory.manifest(contents.candidate()))) {
      after(settings);
    }
  }

  /** The candidate alone. */
  void after(EvaluationSettings settings) {
    evaluate(settings, "after", contents.candidateSource(), contents.candidateBase());
  }

  /**
   * Any model on the shards that were trained on, for the choice of a weight; of its rows only the
   * figures stay.
   *
   * @param where the folder for the figures
   * @return figures by dotted name
   */
  EvaluationSummary ofTraining(
      EvaluationSettings settings, PretrainedDecoder source, URI tokenizer, Path where) {
    EvaluationSummary summary =
        EvaluationStage.run(
            context.spark(),
            new EvaluationRequest(
                contents.shardFiles(),
                new EvaluationDecoderSource(source, tokenizer.toString(), plan.model().cache()),
                settings,
                where.toString(),
                plan.evaluationWorkers()),
            (stage, done, total) -> {});
    // With its checksum, which the local file system of the writer keeps.
    for (String rows : List.of(EvaluationStage.ROWS, "." + EvaluationStage.ROWS + ".crc")) {
      Documents.delete(directory.fileSystem(), new Path(where, rows));
    }
    return summary;
  }

  /**
   * The candidate on the forget set of an earlier request.
   *
   * @param name of the evaluation's folder
   * @param other the earlier request's run
   */
  void earlier(EvaluationSettings settings, String name, RunArtifacts other) {
    String forget = CorpusSet.FORGET.label();
    evaluate(
        settings,
        name,
        contents.candidateSource(),
        contents.candidateBase(),
        Map.of(forget, other.shardFiles().get(forget)),
        other.shardsDigest());
  }

  private void evaluate(
      EvaluationSettings settings, String when, PretrainedDecoder source, URI tokenizer) {
    evaluate(
        settings, when, source, tokenizer, contents.evaluationFiles(), contents.evaluationDigest());
  }

  private void evaluate(
      EvaluationSettings settings,
      String when,
      PretrainedDecoder source,
      URI tokenizer,
      Map<String, List<String>> shards,
      String shardsDigest) {
    Progress progress = context.progress(when);
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", source.digest());
    inputs.put("shards", shardsDigest);
    EvaluationRequest request =
        new EvaluationRequest(
            shards,
            new EvaluationDecoderSource(source, tokenizer.toString(), plan.model().cache()),
            settings,
            contents.evaluation(when).toString(),
            plan.evaluationWorkers());
    try {
      Stages.Outcome outcome =
          context
              .stages()
              .run(
                  contents.inputs("evaluate-" + when, inputs, "lethe.evaluate"),
                  contents.evaluation(when),
                  Partial.DISCARD,
                  () ->
                      EvaluationStage.run(
                          context.spark(),
                          request,
                          (stage, done, total) -> progress.update(done, total, "rows", "")));
      progress.finish(headline(contents.figures(when)), outcome);
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private static String headline(SortedMap<String, Double> figures) {
    List<String> parts = new ArrayList<>();
    for (String set : List.of("forget", "retain")) {
      Double rouge = figures.get(set + ".rouge-l-recall");
      Double loss = figures.get(set + ".loss");
      if (rouge != null) {
        parts.add(String.format(Locale.ROOT, "%s: recites %.0f %%", set, 100 * rouge));
      } else if (loss != null) {
        parts.add(String.format(Locale.ROOT, "%s: loss %.3f", set, loss));
      }
    }
    return String.join(", ", parts);
  }
}
