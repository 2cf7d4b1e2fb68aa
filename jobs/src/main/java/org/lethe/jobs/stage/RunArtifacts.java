package org.lethe.jobs.stage;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.ShardReport;
import org.lethe.error.AdapterErrors;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.attack.AttackSummary;
import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.RunPlan;
import org.lethe.model.Adapter;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.layer.Activations;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.Gate;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageManifest;
import org.lethe.store.FileSystems;

/**
 * The models, shards and figures of a run: those it begins with and those it has written so far.
 */
public final class RunArtifacts {
  /** The key for the number of shards of each corpus, which is part of every result. */
  public static final String SHARDS_PER_CORPUS = "lethe.unlearn.workers";

  private static final List<String> ATTACKS = List.of(ModelAttacks.NAME, AttackWork.NAME);

  private final JobContext job;
  private final RunPlan plan;
  private final RunDirectory directory;
  private final RunDirectory sharded;
  private final RunDirectory measured;
  private final RunDirectory unlearned;
  private final Configuration hadoop;
  private Optional<ModelDirectory> given = Optional.empty();

  public RunArtifacts(JobContext job, RunPlan plan) {
    this(job, plan, job.directory());
  }

  /**
   * Artifacts of a run on the shards of another run.
   *
   * @param sharded the run with the shards
   */
  public RunArtifacts(JobContext job, RunPlan plan, RunDirectory sharded) {
    this(job, plan, sharded, job.directory(), job.directory());
  }

  /**
   * Artifacts of a run that uses parts of other runs.
   *
   * @param sharded the run with the shards that it trains on
   * @param measured the run with the shards that it is measured on, and the figures before
   * @param unlearned the run with the candidate, and the figures after
   */
  RunArtifacts(
      JobContext job,
      RunPlan plan,
      RunDirectory sharded,
      RunDirectory measured,
      RunDirectory unlearned) {
    this.job = job;
    this.plan = plan;
    this.sharded = sharded;
    this.measured = measured;
    this.unlearned = unlearned;
    this.directory = job.directory();
    this.hadoop = job.spark().hadoopConfiguration();
  }

  /** The run directory. */
  public RunDirectory directory() {
    return directory;
  }

  /** The figures of an evaluation; none if it has not been done. */
  public EvaluationFigures figures(String when) {
    Path file = new Path(evaluation(when), EvaluationStage.SUMMARY);
    return Documents.exists(directory.fileSystem(), file)
        ? EvaluationSummary.fromJson(Documents.read(directory.fileSystem(), file)).states()
        : EvaluationFigures.NONE;
  }

  /** The figures of an evaluation, with those of unseen rows and of attacks if there are any. */
  EvaluationFigures allFigures(String when) {
    EvaluationFigures own = figures(when).and(attackFigures(when));
    return !hasUnseen() ? own : own.and(figures(Gate.UNSEEN + when));
  }

  /** Names of the evaluations by attacks that exist. */
  List<String> attacked() {
    return ATTACKS.stream()
        .flatMap(attacks -> Stream.of(attacks + "before", attacks + "after"))
        .filter(
            name ->
                Documents.exists(directory.fileSystem(), RunDirectory.manifest(evaluation(name))))
        .toList();
  }

  private EvaluationFigures attackFigures(String when) {
    return ATTACKS.stream()
        .map(attacks -> new Path(evaluation(attacks + when), EvaluationStage.SUMMARY))
        .filter(file -> Documents.exists(directory.fileSystem(), file))
        .map(file -> AttackSummary.fromJson(Documents.read(directory.fileSystem(), file)).figures())
        .reduce(EvaluationFigures.NONE, EvaluationFigures::and);
  }

  /** Whether the run is measured on unseen rows. */
  boolean hasUnseen() {
    return plan.unseen().isPresent();
  }

  /** Run directory with the shards of unseen rows. */
  RunDirectory unseen() {
    return measured.nested("unseen");
  }

  /** Files of unseen rows by the name of their set. */
  Map<String, List<String>> unseenFiles() {
    String forget = CorpusSet.FORGET.label();
    return Map.of(
        Gate.UNSEEN + forget,
        unseenManifest().outputs().keySet().stream()
            .filter(file -> file.startsWith(forget + "/") && file.endsWith(".parquet"))
            .map(file -> new Path(unseen().shards(), file).toString())
            .toList());
  }

  /** Run directory with the shards of neutral text. */
  RunDirectory neutral() {
    return measured.nested("neutral");
  }

  /** The shards of neutral text, if the run has any. */
  Optional<StageManifest> neutralManifest() {
    return plan.unseen().map(RunPlan.Unseen::neutral).orElse(List.of()).isEmpty()
        ? Optional.empty()
        : Optional.of(job.stages().required("shard-neutral", neutral().shards(), "shard"));
  }

  /** Files of neutral text; none if the run has none. */
  List<String> neutralFiles() {
    return neutralManifest().stream()
        .flatMap(manifest -> manifest.outputs().keySet().stream())
        .filter(file -> file.startsWith(CorpusSet.RETAIN.label() + "/"))
        .filter(file -> file.endsWith(".parquet"))
        .map(file -> new Path(neutral().shards(), file).toString())
        .toList();
  }

  StageManifest unseenManifest() {
    return job.stages().required("shard-unseen", unseen().shards(), "shard");
  }

  /** Whether the run is measured on its own rows, and not on those of an earlier iteration. */
  boolean isMeasuredOnItsOwn() {
    return measured.root().equals(directory.root());
  }

  /**
   * Folder of an evaluation: those before are in the measured run, others are beside the candidate.
   */
  Path evaluation(String when) {
    return (when.endsWith("before") ? measured : unlearned).evaluation(when);
  }

  /** Folder of the unlearn stage. */
  Path candidate() {
    return unlearned.candidate();
  }

  /** Folder of the candidate's whole weights. */
  Path candidateModel() {
    return new Path(candidate(), "model");
  }

  /** Folder of the candidate's adapter. */
  Path candidateAdapter() {
    return new Path(candidate(), "adapter");
  }

  /** The candidate, for evaluation. */
  public PretrainedDecoder candidateSource() {
    StageManifest manifest = job.stages().required("unlearn", candidate(), "unlearn");
    String digest = Digests.of(manifest.outputs());
    EvaluatePlan evaluate = plan.evaluate().orElseThrow();
    return evaluate.readsFactors()
        ? inputSource(evaluate.adapter()).withFactors(candidateAdapter().toUri(), digest)
        : source(candidateModel().toUri(), digest, Adapter.frozen());
  }

  /** Model directory with the tokenizer of the candidate. */
  public URI candidateBase() {
    return plan.evaluate().orElseThrow().readsFactors() ? inputModel() : candidateModel().toUri();
  }

  /** Run directory of the finetune stage. */
  RunDirectory target() {
    return directory.nested("finetune");
  }

  /** The model that unlearning begins with: the result of finetune if there is one. */
  public URI inputModel() {
    Path target = target().model();
    return Documents.exists(directory.fileSystem(), RunDirectory.manifest(target))
        ? target.toUri()
        : plan.model().uri();
  }

  /**
   * Name of a model for PEFT, which loads it below an adapter: the configured name for the given
   * model, else its path. A model on a remote file system keeps its URI, which PEFT cannot load.
   *
   * @param name configured name of the given model
   */
  String baseName(PretrainedDecoder source, Optional<String> name) {
    URI model = URI.create(source.model());
    if (name.isPresent() && model.equals(plan.model().uri())) {
      return name.get();
    }
    boolean local = model.getScheme() == null || model.getScheme().equals("file");
    return local ? model.getPath() : source.model();
  }

  /** The given model; the first call also checks that its tokenizer loads. */
  ModelDirectory givenModel() {
    if (given.isEmpty()) {
      ModelDirectory model = openModel(plan.model().uri().toString());
      model.openTokenizer().close();
      given = Optional.of(model);
    }
    return given.get();
  }

  public ModelDirectory openModel(String uri) {
    return plan.model().open(URI.create(uri), hadoop);
  }

  /**
   * The model that unlearning begins with, with an adapter that training continues.
   *
   * @param adapter the weights to train; without LoRA, a continued adapter keeps its own form
   */
  PretrainedDecoder inputSource(Adapter adapter) {
    URI model = inputModel();
    String digest = openModel(model.toString()).digest();
    return plan.model()
        .continued()
        .map(factors -> continued(model, digest, adapter, factors))
        .orElseGet(() -> source(model, digest, adapter));
  }

  private PretrainedDecoder continued(URI model, String digest, Adapter adapter, URI factors) {
    Adapter.Lora found = plan.model().openAdapter(factors, hadoop).adapter();
    if (adapter instanceof Adapter.Lora configured) {
      requireSame(configured, found, factors, openModel(model.toString()).architecture());
    }
    SortedMap<String, String> digests = digests("adapter", factors);
    digests.put("model", digest);
    return source(model, digest, adapter instanceof Adapter.Lora ? adapter : found)
        .withFactors(factors, Digests.of(digests));
  }

  private static void requireSame(
      Adapter.Lora configured, Adapter.Lora found, URI factors, Architecture architecture) {
    boolean same =
        configured.rank() == found.rank()
            && configured.alpha() == found.alpha()
            && architecture.blocks().stream()
                .flatMap(block -> block.linears().stream())
                .allMatch(map -> configured.targets(map.module()) == found.targets(map.module()));
    if (!same) {
      throw AdapterErrors.otherShape(factors, found.rank(), found.alpha(), found.targets());
    }
  }

  PretrainedDecoder source(URI model, String digest, Adapter adapter) {
    return PretrainedDecoder.of(model, digest, plan.model().cache(), adapter)
        .on(plan.platform().backend())
        .with(plan.platform().activations().orElse(Activations.KEPT));
  }

  /** SHA-256 of every file of the given model. */
  SortedMap<String, String> givenModelFiles() {
    return openModel(plan.model().uri().toString()).fileDigests();
  }

  /** Folder of the shards that the run trains on. */
  Path shards() {
    return sharded.shards();
  }

  /** The digest of the given model. */
  String givenModelDigest() {
    return openModel(plan.model().uri().toString()).digest();
  }

  public String tokenizerDigest() {
    SortedMap<String, String> files = openModel(plan.model().uri().toString()).fileDigests();
    files.keySet().removeIf(name -> !name.startsWith("tokenizer"));
    return Digests.of(files);
  }

  /** The tokenizer of a model directory, with prompts rendered as configured. */
  TokenizerSource tokenizer(URI model) {
    return new TokenizerSource(model, plan.model().cache(), plan.model().text());
  }

  /** Digests of a file, or of all files of a folder, by name. */
  public SortedMap<String, String> digests(String name, URI uri) {
    SortedMap<String, String> digests = new TreeMap<>();
    Path path = new Path(uri);
    try {
      SortedMap<String, String> files = Digests.ofTree(FileSystems.of(path, hadoop), path);
      files.forEach(
          (file, digest) -> digests.put(files.size() == 1 ? name : name + "/" + file, digest));
    } catch (IOException e) {
      throw RunErrors.io("reading", uri.toString(), e);
    }
    return digests;
  }

  StageManifest requireShards() {
    return job.stages().required("shard", sharded.shards(), "shard");
  }

  public String shardsDigest() {
    return Digests.of(requireShards().outputs());
  }

  ShardReport shardReport() {
    return shardReport(sharded);
  }

  /** The report of the shard stage of a run directory, which must have finished. */
  static ShardReport shardReport(RunDirectory directory) {
    Path folder = directory.shards();
    if (!Documents.exists(directory.fileSystem(), RunDirectory.manifest(folder))) {
      throw RunErrors.missingStage("shard", folder.toString(), "shard");
    }
    return Documents.read(
        directory.fileSystem(), new Path(folder, "report.json"), ShardReport.class);
  }

  /** The shards that each worker trains on. */
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

  private String shardFile(ShardReport.SetReport set, int worker) {
    return sharded.below("shards/" + set.shards().get(worker).file()).toString();
  }

  /** Files of the run's own shards, by the name of their set. */
  public Map<String, List<String>> shardFiles() {
    return EvaluationShards.files(directory, "");
  }

  /** The shards that the run is evaluated on. */
  EvaluationShards evaluationShards() {
    return new EvaluationShards(job, measured, plan.revealed().isPresent());
  }

  RevealReport revealReport() {
    return Documents.read(
        directory.fileSystem(),
        new Path(directory.revealed(), RevealReport.FILE),
        RevealReport.class);
  }
}
