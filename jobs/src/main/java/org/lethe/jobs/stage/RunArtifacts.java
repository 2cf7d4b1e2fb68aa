package org.lethe.jobs.stage;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.ShardReport;
import org.lethe.corpus.TokenizerSource;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.jobs.config.RunPlan;
import org.lethe.model.Adapter;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.StageManifest;

/** What a run works on and what it has made so far: its models, shards and figures, by digest. */
public final class RunArtifacts {
  /** How many tasks share the rows of an evaluation, which does not change them. */
  public static final String EVALUATION_WORKERS = "lethe.evaluate.workers";

  private final JobContext context;
  private final RunPlan plan;
  private final RunDirectory directory;
  private final RunDirectory sharded;
  private final RunDirectory measured;
  private final RunDirectory made;
  private final Configuration hadoop;

  public RunArtifacts(JobContext context, RunPlan plan) {
    this(context, plan, context.directory());
  }

  /**
   * A run on shards that another run made.
   *
   * @param sharded where its shards are
   */
  public RunArtifacts(JobContext context, RunPlan plan, RunDirectory sharded) {
    this(context, plan, sharded, context.directory(), context.directory());
  }

  /**
   * A run of which parts stand in others.
   *
   * @param sharded where its shards are
   * @param measured where what it is measured on is, and the figures before
   * @param made where its candidate is, and the figures after
   */
  public RunArtifacts(
      JobContext context,
      RunPlan plan,
      RunDirectory sharded,
      RunDirectory measured,
      RunDirectory made) {
    this.context = context;
    this.sharded = sharded;
    this.measured = measured;
    this.made = made;
    this.plan = plan;
    this.directory = context.directory();
    this.hadoop = context.spark().hadoopConfiguration();
  }

  /** Where this run works. */
  public RunDirectory directory() {
    return directory;
  }

  /** The figures of an evaluation that has been done; none if it has not. */
  public SortedMap<String, Double> figures(String when) {
    SortedMap<String, Double> figures = new TreeMap<>();
    Path file = new Path(evaluation(when), EvaluationStage.SUMMARY);
    if (Documents.exists(directory.fileSystem(), file)) {
      EvaluationSummary.fromJson(Documents.read(directory.fileSystem(), file))
          .figures()
          .forEach((name, figure) -> figures.put(name, figure.mean()));
    }
    return figures;
  }

  /** Whether what the run is measured on is its own, and not that of an earlier iteration. */
  boolean isMeasuredOnItsOwn() {
    return measured.root().equals(directory.root());
  }

  /**
   * Where an evaluation is: "before" beside what it is measured on, others beside the candidate.
   */
  Path evaluation(String when) {
    return (when.equals("before") ? measured : made).evaluation(when);
  }

  /** The stage folder of what unlearning made. */
  Path candidate() {
    return made.candidate();
  }

  ShardReport shardReport() {
    return Documents.read(
        sharded.fileSystem(), new Path(sharded.shards(), "report.json"), ShardReport.class);
  }

  /** The model that unlearning begins with: the one given, or what finetune made of it. */
  public URI inputModel() {
    Path made = target().model();
    return Documents.exists(directory.fileSystem(), RunDirectory.manifest(made))
        ? made.toUri()
        : plan.model().uri();
  }

  public ModelDirectory openModel(String uri) {
    return plan.model().open(URI.create(uri), hadoop);
  }

  /** Where unlearning put full weights. */
  Path candidateModel() {
    return new Path(candidate(), "model");
  }

  /** Where unlearning put an adapter. */
  Path candidateAdapter() {
    return new Path(candidate(), "adapter");
  }

  StageManifest requireShards() {
    return context.stages().required("shard", sharded.shards(), "shard");
  }

  /** Where finetune works. */
  RunDirectory target() {
    return directory.nested("finetune");
  }

  PretrainedDecoder inputSource(Adapter adapter) {
    URI model = inputModel();
    return source(model, openModel(model.toString()).digest(), adapter);
  }

  public PretrainedDecoder candidateSource() {
    StageManifest manifest = context.stages().required("unlearn", candidate(), "unlearn");
    String digest = Digests.of(manifest.outputs());
    return plan.model().trainsFactors()
        ? inputSource(plan.model().adapter()).withFactors(candidateAdapter().toUri(), digest)
        : source(candidateModel().toUri(), digest, Adapter.full());
  }

  public URI candidateBase() {
    return plan.model().trainsFactors() ? inputModel() : candidateModel().toUri();
  }

  PretrainedDecoder source(URI model, String digest, Adapter adapter) {
    return PretrainedDecoder.of(model, digest, plan.model().cache(), adapter);
  }

  String inputModelDigest() {
    return openModel(plan.model().uri().toString()).digest();
  }

  public String tokenizerDigest() {
    SortedMap<String, String> files = openModel(plan.model().uri().toString()).fileDigests();
    files.keySet().removeIf(name -> !name.startsWith("tokenizer"));
    return Digests.of(files);
  }

  public String shardsDigest() {
    return Digests.of(requireShards().outputs());
  }

  public SortedMap<String, String> digests(String name, URI uri) {
    SortedMap<String, String> digests = new TreeMap<>();
    Path path = new Path(uri);
    try {
      SortedMap<String, String> files = Digests.ofTree(RunDirectory.fileSystem(path, hadoop), path);
      files.forEach(
          (file, digest) -> digests.put(files.size() == 1 ? name : name + "/" + file, digest));
    } catch (IOException e) {
      throw RunErrors.io("reading", uri.toString(), e);
    }
    return digests;
  }

  /** The tokenizer of a model directory, with prompts rendered as configured. */
  TokenizerSource tokenizer(URI model) {
    return new TokenizerSource(model, plan.model().cache(), plan.model().template());
  }

  /** Inputs of a stage, with the configuration that its result depends on. */
  public StageInputs inputs(String stage, SortedMap<String, String> inputs, String... sections) {
    SortedMap<String, String> configuration = context.configuration().flattened(List.of(sections));
    // The number of shards is a matter of what is written, not only of speed.
    configuration.putAll(context.configuration().flattened(List.of("lethe.unlearn.workers")));
    configuration.remove(EVALUATION_WORKERS);
    return new StageInputs(stage, inputs, configuration);
  }

  List<WorkerShards> workerShards() {
    List<WorkerShards> shards = new ArrayList<>();
    ShardReport report = shardReport();
    for (int worker = 0; worker < report.workers(); worker++) {
      shards.add(
          new WorkerShards(
              List.of(shardFile(report.forget(), worker)),
              List.of(shardFile(report.retain(), worker))));
    }
    return shards;
  }

  /** Where the shards of held-out facts lie, in a run that revealed its data. */
  RunDirectory heldOut() {
    return measured.nested("held-out");
  }

  /** Where the shards of what is known to be true lie, which no training sees. */
  RunDirectory truth() {
    return measured.nested("truth");
  }

  /** Where the shards of held-out facts asked of others lie. */
  RunDirectory substituted() {
    return measured.nested("substituted");
  }

  RevealReport revealReport() {
    return Documents.read(
        directory.fileSystem(),
        new Path(directory.revealed(), RevealReport.FILE),
        RevealReport.class);
  }

  /**
   * Shards that are evaluated, by the name of their set: those of the run, or, where it revealed
   * its data, of what it did not train on.
   */
  Map<String, List<String>> evaluationFiles() {
    Map<String, List<String>> files = new TreeMap<>();
    evaluated().forEach((where, prefix) -> files.putAll(shardFiles(where, prefix)));
    return files;
  }

  /** The run's own shards, by the name of their set. */
  public Map<String, List<String>> shardFiles() {
    return shardFiles(directory, "");
  }

  String evaluationDigest() {
    if (plan.reveal().isEmpty()) {
      return shardsDigest();
    }
    SortedMap<String, String> digests = new TreeMap<>();
    evaluated()
        .forEach(
            (where, prefix) ->
                digests.put(
                    prefix,
                    Digests.of(
                        context
                            .stages()
                            .required(stage(where), where.shards(), "shard")
                            .outputs())));
    return Digests.of(digests);
  }

  private String stage(RunDirectory where) {
    return "shard-" + where.root().getName();
  }

  /** Run directories with what comes before the name of each of their sets. */
  private Map<RunDirectory, String> evaluated() {
    Map<RunDirectory, String> all = new LinkedHashMap<>();
    if (plan.reveal().isEmpty()) {
      all.put(directory, "");
    } else {
      Map<RunDirectory, String> known = new LinkedHashMap<>();
      known.put(heldOut(), "");
      known.put(truth(), "true-");
      known.put(substituted(), "substituted-");
      known.forEach(
          (where, prefix) -> {
            if (Documents.exists(directory.fileSystem(), RunDirectory.manifest(where.shards()))) {
              all.put(where, prefix);
            }
          });
    }
    return all;
  }

  private static Map<String, List<String>> shardFiles(RunDirectory where, String prefix) {
    ShardReport report =
        Documents.read(
            where.fileSystem(), new Path(where.shards(), "report.json"), ShardReport.class);
    Map<String, List<String>> files = new TreeMap<>();
    for (CorpusSet set : CorpusSet.values()) {
      List<String> ofSet = new ArrayList<>();
      for (int worker = 0; worker < report.workers(); worker++) {
        ofSet.add(where.below("shards/" + report.set(set).shards().get(worker).file()).toString());
      }
      files.put(prefix + set.label(), ofSet);
    }
    return files;
  }

  private String shardFile(ShardReport.SetReport set, int worker) {
    return sharded.below("shards/" + set.shards().get(worker).file()).toString();
  }
}
