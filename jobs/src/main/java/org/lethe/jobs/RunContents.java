package org.lethe.jobs;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.EvaluationStage;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.WorkerShards;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.ShardReport;
import org.lethe.corpus.TokenizerSource;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.model.Adapter;
import org.lethe.model.ModelDirectory;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.StageManifest;

/** What a run works on and what it has made so far: its models, shards and figures, by digest. */
final class RunContents {
  private final JobContext context;
  private final RunPlan plan;
  private final RunDirectory directory;
  private final Configuration hadoop;

  RunContents(JobContext context, RunPlan plan) {
    this.context = context;
    this.plan = plan;
    this.directory = context.directory();
    this.hadoop = context.spark().hadoopConfiguration();
  }

  /** The figures of an evaluation that has been done; none if it has not. */
  SortedMap<String, Double> figures(String when) {
    SortedMap<String, Double> figures = new TreeMap<>();
    Path file = new Path(directory.evaluation(when), EvaluationStage.SUMMARY);
    if (Documents.exists(directory.fileSystem(), file)) {
      EvaluationSummary.fromJson(Documents.read(directory.fileSystem(), file))
          .figures()
          .forEach((name, figure) -> figures.put(name, figure.mean()));
    }
    return figures;
  }

  ShardReport shardReport() {
    return Documents.read(
        directory.fileSystem(), new Path(directory.shards(), "report.json"), ShardReport.class);
  }

  /** The model that unlearning begins with: the one given, or what finetune made of it. */
  URI inputModel() {
    Path made = target().model();
    return Documents.exists(directory.fileSystem(), RunDirectory.manifest(made))
        ? made.toUri()
        : plan.model().uri();
  }

  ModelDirectory openModel(String uri) {
    return plan.model().open(URI.create(uri), hadoop);
  }

  /** Where unlearning put full weights. */
  Path candidateModel() {
    return new Path(directory.candidate(), "model");
  }

  /** Where unlearning put an adapter. */
  Path candidateAdapter() {
    return new Path(directory.candidate(), "adapter");
  }

  StageManifest requireShards() {
    return context.stages().required("shard", directory.shards(), "shard");
  }

  /** Where finetune works. */
  RunDirectory target() {
    return directory.nested("finetune");
  }

  PretrainedDecoder inputSource(Adapter adapter) {
    URI model = inputModel();
    return source(model, openModel(model.toString()).digest(), adapter);
  }

  PretrainedDecoder candidateSource() {
    StageManifest manifest = context.stages().required("unlearn", directory.candidate(), "unlearn");
    String digest = Digests.of(manifest.outputs());
    return plan.model().trainsFactors()
        ? inputSource(plan.model().adapter()).withFactors(candidateAdapter().toUri(), digest)
        : source(candidateModel().toUri(), digest, Adapter.full());
  }

  URI candidateBase() {
    return plan.model().trainsFactors() ? inputModel() : candidateModel().toUri();
  }

  PretrainedDecoder source(URI model, String digest, Adapter adapter) {
    return PretrainedDecoder.of(model, digest, plan.model().cache(), adapter);
  }

  String inputModelDigest() {
    return openModel(plan.model().uri().toString()).digest();
  }

  String tokenizerDigest() {
    SortedMap<String, String> files = openModel(plan.model().uri().toString()).fileDigests();
    files.keySet().removeIf(name -> !name.startsWith("tokenizer"));
    return Digests.of(files);
  }

  String shardsDigest() {
    return Digests.of(requireShards().outputs());
  }

  SortedMap<String, String> digests(String name, URI uri) {
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
  StageInputs inputs(String stage, SortedMap<String, String> inputs, String... sections) {
    SortedMap<String, String> configuration = context.configuration().flattened(List.of(sections));
    // The number of shards is a matter of what is written, not only of speed.
    configuration.putAll(context.configuration().flattened(List.of("lethe.unlearn.workers")));
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

  Map<String, List<String>> shardFiles() {
    ShardReport report = shardReport();
    Map<String, List<String>> files = new TreeMap<>();
    for (CorpusSet set : CorpusSet.values()) {
      List<String> ofSet = new ArrayList<>();
      for (int worker = 0; worker < report.workers(); worker++) {
        ofSet.add(shardFile(report.set(set), worker));
      }
      files.put(set.label(), ofSet);
    }
    return files;
  }

  private String shardFile(ShardReport.SetReport set, int worker) {
    return directory.below("shards/" + set.shards().get(worker).file()).toString();
  }
}
