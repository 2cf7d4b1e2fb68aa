package org.lethe.jobs;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.EvaluationDecoderSource;
import org.lethe.cluster.EvaluationRequest;
import org.lethe.cluster.EvaluationStage;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.RoundMetrics;
import org.lethe.cluster.Training;
import org.lethe.cluster.TrainingListener;
import org.lethe.cluster.TrainingPlan;
import org.lethe.cluster.TrainingResult;
import org.lethe.cluster.TrainingSettings;
import org.lethe.cluster.WorkerShards;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.ShardReport;
import org.lethe.corpus.ShardSettings;
import org.lethe.corpus.Sharder;
import org.lethe.corpus.TokenizerSource;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.model.Adapter;
import org.lethe.model.AdapterDirectory;
import org.lethe.model.Decoder;
import org.lethe.model.DecoderConfig;
import org.lethe.model.ModelDirectory;
import org.lethe.model.ModelDirectoryWriter;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.StageManifest;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/** Runs the stages of a run, each as the work behind its manifest. */
final class RunStages {
  private final JobContext context;
  private final RunPlan plan;
  private final RunDirectory directory;
  private final Configuration hadoop;

  RunStages(JobContext context, RunPlan plan) {
    this.context = context;
    this.plan = plan;
    this.directory = context.directory();
    this.hadoop = context.spark().hadoopConfiguration();
  }

  /** Looks for what would end a later stage, so that no time is lost on the earlier ones. */
  void check() {
    if (plan.shard().isEmpty() && plan.finetune().isEmpty() && plan.unlearn().isEmpty()) {
      return;
    }
    ModelDirectory model = openModel(plan.model().uri().toString());
    model.openTokenizer().close();
    plan.finetune()
        .ifPresent(s -> checkMemory(target().model(), Adapter.full(), s, model.config()));
    plan.unlearn()
        .ifPresent(
            s -> checkMemory(directory.candidate(), plan.model().adapter(), s, model.config()));
  }

  private void checkMemory(
      Path folder, Adapter adapter, TrainingSettings settings, DecoderConfig config) {
    if (!Documents.exists(directory.fileSystem(), RunDirectory.manifest(folder))) {
      int workers = context.spark().isLocal() ? plan.workers() : 1;
      MemoryBudget.check(plan, adapter, settings, config, workers);
    }
  }

  void run(Stage stage) {
    switch (stage) {
      case SHARD -> shard(plan.shard().orElseThrow());
      case FINETUNE -> finetune(plan.finetune().orElseThrow());
      case UNLEARN -> unlearn(plan.unlearn().orElseThrow());
      case EVALUATE -> evaluate(plan.evaluate().orElseThrow());
      case RELEASE -> new ReleaseWork(context, plan, this).run();
    }
  }

  private void shard(ShardSettings settings) {
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("tokenizer", tokenizerDigest());
    for (CorpusSet set : CorpusSet.values()) {
      settings.uris(set).forEach(uri -> inputs.putAll(digests(set.label() + ": " + uri, uri)));
    }
    Progress progress = context.progress("shard");
    Stages.Outcome outcome =
        context
            .stages()
            .run(
                inputs("shard", inputs, "lethe.corpus", "lethe.shard", "lethe.model.template"),
                directory.shards(),
                Partial.DISCARD,
                () ->
                    new Sharder(
                            context.session(),
                            new TokenizerSource(
                                plan.model().uri(), plan.model().cache(), plan.model().template()))
                        .run(settings, directory.shards()));
    ShardReport report = shardReport();
    progress.finish(
        String.format(
            Locale.ROOT,
            "%d rows to forget, %d to keep, %d set aside, %d cut to %d tokens%s",
            report.forget().rows(),
            report.retain().rows(),
            report.forget().quarantined() + report.retain().quarantined(),
            report.forget().truncated() + report.retain().truncated(),
            report.maxLength(),
            standing(outcome)));
  }

  private void finetune(TrainingSettings settings) {
    RunDirectory target = target();
    PretrainedDecoder source = source(plan.model().uri(), inputModelDigest(), Adapter.full());
    List<WorkerShards> shards = workerShards().stream().map(WorkerShards::asOneCorpus).toList();
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", source.digest());
    inputs.put("shards", shardsDigest());
    train(
        "finetune",
        target,
        target.model(),
        inputs("finetune", inputs, "lethe.finetune"),
        source,
        shards,
        settings,
        result -> writeModel(source, result, target.model().toUri(), plan.model().uri()));
  }

  private void unlearn(TrainingSettings settings) {
    PretrainedDecoder source = inputSource(plan.model().adapter());
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", source.digest());
    inputs.put("shards", shardsDigest());
    train(
        "unlearn",
        directory,
        directory.candidate(),
        inputs("unlearn", inputs, "lethe.unlearn", "lethe.model.adapter", "lethe.model.lora"),
        source,
        workerShards(),
        settings,
        result -> {
          boolean merges = plan.mergesAdapter() || !plan.model().trainsFactors();
          if (merges) {
            writeModel(source, result, candidateModel().toUri(), inputModel());
          }
          if (plan.model().trainsFactors()) {
            writeAdapter(source, result);
          }
        });
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
      progress.finish(shown.summary() + standing(outcome));
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private void evaluate(EvaluationSettings settings) {
    evaluate(settings, "before", inputSource(Adapter.full()), inputModel());
    if (Documents.exists(directory.fileSystem(), RunDirectory.manifest(directory.candidate()))) {
      evaluate(settings, "after", candidateSource(), candidateBase());
    }
  }

  private void evaluate(
      EvaluationSettings settings, String when, PretrainedDecoder source, URI tokenizer) {
    Progress progress = context.progress(when);
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", source.digest());
    inputs.put("shards", shardsDigest());
    EvaluationRequest request =
        new EvaluationRequest(
            shardFiles(),
            new EvaluationDecoderSource(source, tokenizer.toString(), plan.model().cache()),
            settings,
            directory.evaluation(when).toString(),
            plan.evaluationWorkers());
    try {
      Stages.Outcome outcome =
          context
              .stages()
              .run(
                  inputs("evaluate-" + when, inputs, "lethe.evaluate"),
                  directory.evaluation(when),
                  Partial.DISCARD,
                  () ->
                      EvaluationStage.run(
                          context.spark(),
                          request,
                          (stage, done, total) -> progress.update(done, total, "rows", "")));
      progress.finish(headline(figures(when)) + standing(outcome));
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
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

  private RunDirectory target() {
    return directory.nested("finetune");
  }

  private PretrainedDecoder inputSource(Adapter adapter) {
    URI model = inputModel();
    return source(model, openModel(model.toString()).digest(), adapter);
  }

  private PretrainedDecoder candidateSource() {
    StageManifest manifest = context.stages().required("unlearn", directory.candidate(), "unlearn");
    String digest = Digests.of(manifest.outputs());
    return plan.model().trainsFactors()
        ? inputSource(plan.model().adapter()).withFactors(candidateAdapter().toUri(), digest)
        : source(candidateModel().toUri(), digest, Adapter.full());
  }

  private URI candidateBase() {
    return plan.model().trainsFactors() ? inputModel() : candidateModel().toUri();
  }

  private PretrainedDecoder source(URI model, String digest, Adapter adapter) {
    return PretrainedDecoder.of(model, digest, plan.model().cache(), adapter);
  }

  private String inputModelDigest() {
    return openModel(plan.model().uri().toString()).digest();
  }

  private String tokenizerDigest() {
    SortedMap<String, String> files = openModel(plan.model().uri().toString()).fileDigests();
    files.keySet().removeIf(name -> !name.startsWith("tokenizer"));
    return Digests.of(files);
  }

  private String shardsDigest() {
    return Digests.of(requireShards().outputs());
  }

  private SortedMap<String, String> digests(String name, URI uri) {
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

  private StageInputs inputs(String stage, SortedMap<String, String> inputs, String... sections) {
    SortedMap<String, String> configuration = context.configuration().flattened(List.of(sections));
    // The number of shards is a matter of what is written, not only of speed.
    configuration.putAll(context.configuration().flattened(List.of("lethe.unlearn.workers")));
    return new StageInputs(stage, inputs, configuration);
  }

  private List<WorkerShards> workerShards() {
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

  private Map<String, List<String>> shardFiles() {
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

  private void writeModel(
      PretrainedDecoder source, TrainingResult result, URI target, URI original) {
    withTrained(
        source,
        result,
        decoder ->
            new ModelDirectoryWriter(hadoop)
                .write(target, openModel(original.toString()), decoder::forEachTensor));
  }

  private void writeAdapter(PretrainedDecoder source, TrainingResult result) {
    withTrained(
        source,
        result,
        decoder ->
            AdapterDirectory.write(
                candidateAdapter().toUri(),
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

  private static String standing(Stages.Outcome outcome) {
    return outcome.skipped() ? ", done before" : "";
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
