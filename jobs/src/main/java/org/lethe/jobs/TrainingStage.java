package org.lethe.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.AdaptedModelSource;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.RoundMetrics;
import org.lethe.cluster.RoundState;
import org.lethe.cluster.Training;
import org.lethe.cluster.TrainingListener;
import org.lethe.cluster.TrainingPlan;
import org.lethe.cluster.TrainingResult;
import org.lethe.cluster.TrainingSettings;
import org.lethe.cluster.WorkerShards;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.TokenizerSource.Template;
import org.lethe.error.RunErrors;
import org.lethe.model.Adapter;
import org.lethe.model.AdapterDirectory;
import org.lethe.model.Decoder;
import org.lethe.model.ModelDirectoryWriter;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.StageManifest;
import org.lethe.run.Stages;

/** Rounds, and the candidate model that they lead to. */
final class TrainingStage {
  private static final String MODEL = "model";
  private static final String ADAPTER = "adapter";

  /** Ordinary training on both sets, or unlearning. */
  enum Kind {
    FINETUNE,
    UNLEARN;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether a LoRA run also writes the full weights with its factors merged in. */
  enum Merge {
    NO,
    YES
  }

  private final Kind kind;
  private final TrainingSettings settings;
  private final Merge merge;
  private final MemoryCheck memory;

  TrainingStage(Kind kind, TrainingSettings settings, Merge merge, MemoryCheck memory) {
    this.kind = kind;
    this.settings = settings;
    this.merge = merge;
    this.memory = memory;
  }

  static Merge readMerge(ConfigurationReader reader) {
    return reader.choice("lethe.release.lora", "adapter", "merged").equals("merged")
        ? Merge.YES
        : Merge.NO;
  }

  /** The candidate's full weights, in Hugging Face's layout; with LoRA only if merged. */
  static Path model(RunDirectory directory) {
    return new Path(directory.candidate(), MODEL);
  }

  /** The candidate's factors, in PEFT's layout. */
  static Path adapter(RunDirectory directory) {
    return new Path(directory.candidate(), ADAPTER);
  }

  /** How tasks load the candidate. */
  static DecoderSource candidate(JobContext context, ModelSettings.Opened base) {
    RunDirectory directory = context.directory();
    if (base.source().adapter() instanceof Adapter.Lora) {
      return new AdaptedModelSource(
          base.source(),
          adapter(directory).toUri().toString(),
          context.digest(directory.candidate()));
    }
    return new ModelSettings(
            model(directory).toString(), base.source().cache(), Adapter.full(), Template.NONE)
        .open(context.hadoop())
        .source();
  }

  /** Trains, unless the candidate stands. */
  StageManifest run(JobContext context, ModelSettings model) {
    ModelSettings.Opened opened = model.open(context.hadoop());
    StageManifest shards =
        context.stages().required(ShardStage.NAME, context.directory().shards(), "lethe shard");
    List<WorkerShards> workers = workers(context);
    memory.training(context, opened, settings, workers.size());
    TreeMap<String, String> inputs = new TreeMap<>();
    inputs.put("model", opened.source().identity());
    shards.outputs().forEach((name, digest) -> inputs.put("shards/" + name, digest));
    StageInputs asked =
        new StageInputs(
            kind.label(),
            inputs,
            context.configuration(
                "lethe." + kind.label(),
                "lethe.release.lora",
                "lethe.model.adapter",
                "lethe.model.lora"));
    Progress progress = context.progress(kind.label());
    Path folder = context.directory().candidate();
    Stages.Outcome outcome;
    try {
      outcome =
          context
              .stages()
              .run(
                  asked,
                  folder,
                  Stages.Partial.RESUME,
                  () -> train(context, opened, workers, progress));
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
    progress.finish(
        settings.rounds() + " rounds" + (outcome.skipped() ? ", made before" : " done"));
    return outcome.manifest();
  }

  private void train(
      JobContext context,
      ModelSettings.Opened opened,
      List<WorkerShards> workers,
      Progress progress) {
    TrainingPlan plan = new TrainingPlan(opened.source(), workers, settings, context.directory());
    TrainingResult result = Training.run(context.spark(), plan, listener(progress));
    try (RoundState state = result.state();
        Decoder decoder = opened.source().load(context.hadoop())) {
      decoder.parameters().assign(state.parameters());
      write(context, opened, decoder);
    }
  }

  private void write(JobContext context, ModelSettings.Opened opened, Decoder decoder) {
    RunDirectory directory = context.directory();
    boolean factors = decoder.adapter() instanceof Adapter.Lora;
    if (decoder.adapter() instanceof Adapter.Lora lora) {
      AdapterDirectory.write(
          adapter(directory).toUri(),
          context.hadoop(),
          lora,
          opened.source().model(),
          decoder.layout(),
          decoder.parameters());
    }
    if (!factors || merge == Merge.YES) {
      new ModelDirectoryWriter(context.hadoop())
          .write(model(directory).toUri(), opened.directory(), decoder::forEachTensor);
    }
  }

  private TrainingListener listener(Progress progress) {
    return new TrainingListener() {
      @Override
      public void started(int completedRounds, int rounds) {
        progress.update(completedRounds, rounds, "rounds", "");
      }

      @Override
      public void roundFinished(RoundMetrics metrics, int rounds) {
        String forget =
            settings.direction().usesForget()
                ? String.format(Locale.ROOT, "forget loss %.3f  ", metrics.forgetLoss())
                : "";
        String retain =
            settings.direction().usesRetain()
                ? String.format(
                    Locale.ROOT,
                    "%s %.4f",
                    kind == Kind.FINETUNE ? "loss" : "retain loss",
                    metrics.retainLoss())
                : "";
        progress.update(metrics.round(), rounds, "rounds", forget + retain);
      }
    };
  }

  private List<WorkerShards> workers(JobContext context) {
    List<String> forget = files(context.directory(), CorpusSet.FORGET);
    List<String> retain = files(context.directory(), CorpusSet.RETAIN);
    return IntStream.range(0, Math.max(forget.size(), retain.size()))
        .mapToObj(worker -> new WorkerShards(at(forget, worker), at(retain, worker)))
        .map(shards -> kind == Kind.FINETUNE ? shards.asOneCorpus() : shards)
        .toList();
  }

  private static List<String> at(List<String> files, int worker) {
    return worker < files.size() ? List.of(files.get(worker)) : List.of();
  }

  /** The shard files of a set in the order of the workers. */
  static List<String> files(RunDirectory directory, CorpusSet set) {
    Path folder = directory.shards(set.label());
    FileSystem fileSystem = directory.fileSystem();
    try {
      if (!fileSystem.exists(folder)) {
        return List.of();
      }
      List<String> files = new ArrayList<>();
      Stream.of(fileSystem.listStatus(folder))
          .map(FileStatus::getPath)
          .filter(path -> path.getName().endsWith(".parquet"))
          .map(path -> path.toUri().toString())
          .sorted()
          .forEach(files::add);
      return files;
    } catch (IOException e) {
      throw RunErrors.io("reading", folder.toString(), e);
    }
  }
}
