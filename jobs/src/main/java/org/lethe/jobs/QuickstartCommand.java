package org.lethe.jobs;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.TrainingSettings;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.ShardSettings;
import org.lethe.corpus.SyntheticBiographies;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.DecoderConfig;
import org.lethe.model.ModelDirectoryWriter;
import org.lethe.model.RandomWeights;
import org.lethe.run.Digests;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.Stages;
import org.lethe.tensor.Dtype;
import org.lethe.text.TokenizerTrainer;
import org.lethe.text.TrainedTokenizer;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;

/**
 * The main job without any input: makes people up, teaches a small model to recite them, and makes
 * it forget half of them.
 */
@Command(
    name = "quickstart",
    description = "Shows the main job on made-up people and a small model made on the spot.",
    mixinStandardHelpOptions = true)
final class QuickstartCommand extends LetheCommand {
  private static final int VOCABULARY = 512;

  private SyntheticBiographies people;
  private long seed;
  private TrainingSettings finetune;
  private ConfigurationReader reader;
  private ErasureStages stages;
  private MemoryCheck memory;
  private int workers;

  @Override
  String name() {
    return "quickstart";
  }

  /** What suits a model of one million parameters; --config and --set stand above it. */
  @Override
  List<String> scenario() {
    return List.of(
        "lethe.run-id=quickstart",
        "lethe.run-dir=lethe-quickstart",
        "lethe.shard.max-length=128",
        "lethe.finetune.rounds=25",
        "lethe.finetune.local-steps=20",
        "lethe.finetune.learning-rate.peak=3e-3",
        "lethe.finetune.checkpoint-every=25",
        "lethe.unlearn.rounds=15",
        "lethe.unlearn.local-steps=8",
        "lethe.unlearn.learning-rate.peak=1e-3",
        "lethe.unlearn.adamw.weight-decay=0",
        "lethe.gates.forget.rouge-l-recall.at-most=0.5",
        "lethe.gates.retain.rouge-l-recall.at-least=0.9");
  }

  @Override
  void bind(ConfigurationReader configuration) {
    reader = configuration;
    seed = reader.wholeNumber("lethe.quickstart.seed", 0, Long.MAX_VALUE / 2);
    int count = reader.integer("lethe.quickstart.people", 2, SyntheticBiographies.MOST_PEOPLE);
    people = SyntheticBiographies.of(count, seed);
    finetune = TrainingBinding.finetune(reader);
    stages = ErasureStages.read(reader);
    memory = MemoryCheck.read(reader);
    workers = reader.integer("lethe.unlearn.workers", 1, 100_000);
    shards(URI.create("forget.jsonl"), URI.create("retain.jsonl"));
  }

  @Override
  int workers() {
    return workers;
  }

  @Override
  Outcome execute(JobContext context) {
    RunDirectory directory = context.directory();
    Path corpus = new Path(directory.root(), "corpus");
    StageInputs asked =
        new StageInputs("corpus", new TreeMap<>(), context.configuration("lethe.quickstart"));
    context
        .stages()
        .run(asked, corpus, Stages.Partial.DISCARD, () -> people.write(corpus, context.hadoop()));
    ShardSettings shards =
        shards(new Path(corpus, "forget.jsonl").toUri(), new Path(corpus, "retain.jsonl").toUri());
    JobContext target = context.in(directory.nested("target"));
    ModelSettings initial = initialModel(target);
    Path recites =
        FinetuneCommand.train(target, initial, shards, finetune, TrainingStage.Merge.NO, memory);
    ModelSettings model = ModelSettings.readAt(reader, recites.toUri().toString());
    return stages.run(context, model, shards);
  }

  private ShardSettings shards(URI forget, URI retain) {
    return ShardStage.readOf(reader, List.of(forget), List.of(retain));
  }

  /** A small model with random weights and a tokenizer of its own. */
  private ModelSettings initialModel(JobContext context) {
    Path folder = new Path(context.directory().root(), "initial");
    TreeMap<String, String> inputs = new TreeMap<>();
    inputs.put("people", Digests.of(texts().toString()));
    StageInputs asked =
        new StageInputs("initial", inputs, context.configuration("lethe.quickstart"));
    Path model = new Path(folder, "model");
    context.stages().run(asked, folder, Stages.Partial.DISCARD, () -> writeModel(context, model));
    ModelSettings settings = ModelSettings.readAt(reader, model.toUri().toString());
    return new ModelSettings(
        settings.path(), settings.cache(), Adapter.full(), settings.template());
  }

  private void writeModel(JobContext context, Path model) {
    TrainedTokenizer tokenizer = TokenizerTrainer.train(texts().iterator(), VOCABULARY);
    DecoderConfig config =
        new DecoderConfig(
            128,
            384,
            4,
            4,
            2,
            32,
            VOCABULARY,
            128,
            1e-5,
            10000,
            Optional.empty(),
            true,
            false,
            false);
    try (Decoder decoder =
        Decoder.load(config, Adapter.full(), DataType.FLOAT, new RandomWeights(seed))) {
      new ModelDirectoryWriter(context.hadoop())
          .writeNew(model.toUri(), config, Dtype.F32, tokenizer, decoder::forEachTensor);
    }
  }

  private List<String> texts() {
    return List.of(CorpusSet.values()).stream()
        .flatMap(set -> people.entries(set).stream())
        .map(entry -> entry.input() + " " + entry.output())
        .toList();
  }
}
