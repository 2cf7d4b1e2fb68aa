package org.lethe.jobs;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.EvaluationDecoderSource;
import org.lethe.cluster.EvaluationRequest;
import org.lethe.cluster.EvaluationStage;
import org.lethe.corpus.CorpusSet;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.StageManifest;
import org.lethe.run.Stages;

/** Figures and rows of one model on both sets. */
final class EvaluatingStage {
  /** The model that was given, or the candidate. */
  enum When {
    BEFORE("before"),
    AFTER("after");

    private final String label;

    When(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final EvaluationSettings settings;
  private final int workers;

  EvaluatingStage(EvaluationSettings settings, int workers) {
    this.settings = settings;
    this.workers = workers;
  }

  static EvaluatingStage read(ConfigurationReader reader) {
    int margin = reader.integer("lethe.evaluate.answer-margin", 0, Integer.MAX_VALUE);
    int limit = reader.integer("lethe.evaluate.limit", 0, Integer.MAX_VALUE);
    return new EvaluatingStage(
        new EvaluationSettings(
            reader.integer("lethe.evaluate.batch-size", 1, 1 << 20),
            reader.choice("lethe.evaluate.generation", "greedy", "none").equals("greedy")
                ? Generation.GREEDY
                : Generation.NONE,
            reader.integer("lethe.evaluate.max-new-tokens", 1, 1 << 20),
            margin == 0 ? EvaluationSettings.NO_ANSWER_LIMIT : margin,
            limit == 0 ? EvaluationSettings.ALL_ROWS : limit,
            reader.wholeNumber("lethe.evaluate.seed", 0, Long.MAX_VALUE / 2)),
        reader.integer("lethe.evaluate.workers", 1, 100_000));
  }

  int workers() {
    return workers;
  }

  /** Evaluates, unless the summary stands. */
  StageManifest run(JobContext context, ModelSettings model, When when) {
    StageManifest shards =
        context.stages().required(ShardStage.NAME, context.directory().shards(), "lethe shard");
    ModelSettings.Opened opened = model.open(context.hadoop());
    DecoderSource decoder =
        when == When.BEFORE ? opened.source() : TrainingStage.candidate(context, opened);
    TreeMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", decoder.identity());
    shards.outputs().forEach((name, digest) -> inputs.put("shards/" + name, digest));
    StageInputs asked =
        new StageInputs(
            "evaluate-" + when.label(), inputs, context.configuration("lethe.evaluate"));
    Path folder = context.directory().evaluation(when.label());
    EvaluationRequest request =
        new EvaluationRequest(
            shards(context.directory()),
            new EvaluationDecoderSource(decoder, opened.source().model(), model.cache()),
            settings,
            folder.toUri().toString(),
            workers);
    Progress progress = context.progress(when.label());
    AtomicReference<String> rows = new AtomicReference<>("");
    Stages.Outcome outcome;
    try {
      outcome =
          context
              .stages()
              .run(
                  asked,
                  folder,
                  Stages.Partial.DISCARD,
                  () ->
                      EvaluationStage.run(
                          context.spark(),
                          request,
                          (stage, done, total) -> {
                            rows.set(total + " rows ");
                            progress.update(done, total, "rows", "");
                          }));
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
    progress.finish(rows + (outcome.skipped() ? "evaluated before" : "evaluated"));
    return outcome.manifest();
  }

  /** The summary of an evaluation that has ended. */
  static EvaluationSummary summary(JobContext context, When when) {
    Path folder = context.directory().evaluation(when.label());
    context.stages().required("evaluate-" + when.label(), folder, "lethe evaluate");
    return EvaluationSummary.fromJson(
        Documents.read(
            context.directory().fileSystem(), new Path(folder, EvaluationStage.SUMMARY)));
  }

  private static Map<String, List<String>> shards(RunDirectory directory) {
    TreeMap<String, List<String>> shards = new TreeMap<>();
    for (CorpusSet set : CorpusSet.values()) {
      shards.put(set.label(), TrainingStage.files(directory, set));
    }
    return shards;
  }
}
