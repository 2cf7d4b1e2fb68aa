package org.lethe.jobs.study;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.EvaluationDecoderSource;
import org.lethe.cluster.evaluation.EvaluationRequest;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.corpus.EvaluationRows;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.benchmark.BenchmarkShards;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.benchmark.BenchmarkItem;
import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.ModelSettings;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.console.Progress;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.RunArtifacts;
import org.lethe.run.Digests;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.StageManifest;
import org.lethe.run.Stages.Partial;

/** Evaluates models of a study on all sets of its benchmark, each model once. */
final class StudyEvaluation {
  private static final String WHEN = "benchmark";

  private static final Sections EVALUATION =
      Sections.of("lethe.evaluate", RunArtifacts.SHARDS_PER_CORPUS);

  private final StudyPlan study;
  private final RunArtifacts sharded;
  private final JobContext home;
  private final RunPlan plan;
  private Map<String, List<String>> files = Map.of();
  private String digest = "";

  /**
   * @param home the study's own directory
   * @param sharded the run that has the shards
   */
  StudyEvaluation(JobContext home, StudyPlan study, RunPlan plan, RunArtifacts sharded) {
    this.home = home;
    this.study = study;
    this.plan = plan;
    this.sharded = sharded;
  }

  /** Encodes the further sets, once for all models. */
  void prepare() {
    Path folder = new Path(home.directory().root(), "data");
    // First, since its messages name missing files best.
    List<BenchmarkItem> items = study.source().read(home.spark().hadoopConfiguration());
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("tokenizer", sharded.tokenizerDigest());
    for (URI file : study.source().files(home.spark().hadoopConfiguration())) {
      inputs.putAll(sharded.digests(file.toString(), file));
    }
    Progress progress = home.progress("data");
    StageManifest manifest =
        home.stages()
            .run(
                new StageInputs("benchmark-data", inputs, dataSections().of(home.configuration())),
                folder,
                Partial.DISCARD,
                () ->
                    BenchmarkShards.write(
                        items,
                        new TokenizerSource(
                            plan.model().uri(), plan.model().cache(), plan.model().text()),
                        longest(),
                        study.source().newTokens(),
                        folder,
                        home.spark().hadoopConfiguration()))
            .manifest();
    SortedMap<String, List<String>> found = new TreeMap<>();
    SortedMap<String, String> digests = new TreeMap<>(manifest.outputs());
    for (String file : manifest.outputs().keySet()) {
      found.put(file.replaceAll("\\.parquet$", ""), List.of(new Path(folder, file).toString()));
    }
    if (study.source().evaluatesShards()) {
      found.putAll(sharded.shardFiles());
      digests.put("shards", sharded.shardsDigest());
    }
    files = found;
    digest = Digests.of(digests);
    progress.finish(files.size() + " sets");
  }

  private Sections dataSections() {
    return Sections.of(
            "lethe.benchmark." + study.name(),
            "lethe.benchmark.mmlu",
            "lethe.benchmark.wmdp",
            "lethe.benchmark.text",
            "lethe.benchmark.max-length",
            RunArtifacts.SHARDS_PER_CORPUS)
        .and(ModelSettings.PROMPTS);
  }

  /** The limit for evaluated rows, which may be longer than training rows. */
  private int longest() {
    int positions = sharded.openModel(plan.model().uri().toString()).architecture().maxPositions();
    return Math.min(study.longestItem(), positions);
  }

  /** The digest of the data that models are evaluated on. */
  String digest() {
    return digest;
  }

  /**
   * Evaluates a model, unless its rows exist, and returns its rows.
   *
   * @param context of the model's own directory, with the configuration of its evaluation
   * @param own its plan
   * @param tokenizer the directory with its tokenizer
   */
  List<EvaluationRow> rows(
      JobContext context, RunPlan own, PretrainedDecoder source, URI tokenizer) {
    RunDirectory directory = context.directory();
    Path folder = directory.evaluation(WHEN);
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", source.digest());
    inputs.put("data", digest);
    if (!study.source().gradients().isEmpty()) {
      inputs.put("gradient-norm", study.source().gradients().toString());
    }
    EvaluatePlan evaluate = own.evaluate().orElseThrow();
    PretrainedDecoder evaluated =
        study.source().gradients().isEmpty() ? source : source.withAllGradients();
    EvaluationRequest request =
        new EvaluationRequest(
            files,
            new EvaluationDecoderSource(evaluated, tokenizer.toString(), own.model().cache()),
            evaluate
                .settings()
                .withNewTokensOf(study.source().newTokens())
                .withGradientNormOf(study.source().gradients()),
            folder.toString(),
            evaluate.workers());
    Progress progress = context.progress(WHEN);
    try {
      context
          .stages()
          .run(
              new StageInputs("evaluate-" + WHEN, inputs, EVALUATION.of(home.configuration())),
              folder,
              Partial.DISCARD,
              () ->
                  EvaluationStage.run(
                      context.spark(),
                      request,
                      (stage, done, total) -> progress.update(done, total, "rows", "")));
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
    List<EvaluationRow> rows = new ArrayList<>(read(context));
    progress.finish(rows.size() + " rows");
    return rows;
  }

  /** The rows of a finished evaluation. */
  static List<EvaluationRow> read(JobContext context) {
    return EvaluationRows.read(
        new Path(context.directory().evaluation(WHEN), EvaluationStage.ROWS),
        context.spark().hadoopConfiguration());
  }
}
