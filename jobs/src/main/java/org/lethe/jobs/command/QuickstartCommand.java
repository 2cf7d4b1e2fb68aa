package org.lethe.jobs.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.SyntheticBiographies;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.console.Progress;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.RunStages;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.run.Documents;
import org.lethe.store.FileSystems;
import org.lethe.tensor.Dtype;
import org.lethe.text.TokenizerTrainer;
import org.lethe.text.TrainedTokenizer;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The pipeline on made-up people: writes a corpus, a tokenizer and a small model, trains the model
 * until it recites the corpus, and makes it forget half of it.
 */
@Command(
    name = "quickstart",
    description = "Shows everything on made-up people, from nothing, in a few minutes.",
    mixinStandardHelpOptions = true)
final class QuickstartCommand extends StagesCommand {
  private static final String FOLDER = "quickstart";
  private static final int VOCABULARY = 768;

  private static final String TARGET = "target";

  @Option(
      names = "--self-generated",
      description = "Without a forget corpus: from topic cards alone, by asking the model.")
  private boolean selfGenerated;

  private int people;
  private long seed;

  QuickstartCommand() {
    super(FOLDER, Stage::ofPipeline);
  }

  @Override
  String defaultRunDirectory() {
    return "lethe-quickstart";
  }

  @Override
  List<String> scenario(String runDirectory) {
    String folder = runDirectory + "/" + FOLDER;
    if (selfGenerated) {
      return List.of(
          "lethe.model.path=" + runDirectory + "/" + TARGET + "/finetune/model",
          "lethe.reveal.cards=" + folder + "/corpus/cards.json",
          "lethe.reveal.truth.forget=" + folder + "/corpus/forget.jsonl",
          "lethe.reveal.truth.retain=" + folder + "/corpus/retain.jsonl");
    }
    return List.of(
        "lethe.model.path=" + folder + "/model",
        "lethe.corpus.forget=" + folder + "/corpus/forget.jsonl",
        "lethe.corpus.retain=" + folder + "/corpus/retain.jsonl",
        "lethe.corpus.unseen=" + folder + "/corpus/unseen.jsonl");
  }

  @Override
  List<String> scenarioFiles() {
    return selfGenerated
        ? List.of("/quickstart.conf", "/quickstart-self-generated.conf")
        : List.of("/quickstart.conf");
  }

  @Override
  void bindOthers(ConfigurationReader reader) {
    people = reader.integer("lethe.quickstart.people", 2, SyntheticBiographies.MOST_PEOPLE);
    seed = reader.wholeNumber("lethe.quickstart.seed", Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The command makes its inputs. */
  @Override
  void checkInputs(Configuration hadoop) {}

  @Override
  void prepare(JobContext context) {
    make(context);
    if (selfGenerated) {
      train(context);
    }
  }

  /** Trains the target model on the true corpora, in a run directory of its own. */
  private void train(JobContext context) {
    String folder = new Path(context.directory().root(), FOLDER).toString();
    org.lethe.jobs.config.Configuration configuration =
        context
            .configuration()
            .with(
                List.of(),
                List.of(
                    "lethe.model.path=" + folder + "/model",
                    "lethe.corpus.forget=" + folder + "/corpus/forget.jsonl",
                    "lethe.corpus.retain=" + folder + "/corpus/retain.jsonl",
                    "lethe.reveal.cards="));
    List<Stage> stages = List.of(Stage.SHARD, Stage.FINETUNE);
    ConfigurationReader reader = configuration.reader();
    RunPlan plan = RunPlan.read(reader, stages);
    reader.done();
    RunStages work =
        new RunStages(context.in(context.directory().nested(TARGET)).with(configuration), plan);
    stages.forEach(work::run);
  }

  private void make(JobContext context) {
    Configuration hadoop = context.spark().hadoopConfiguration();
    Path folder = new Path(context.directory().root(), FOLDER);
    Path model = new Path(folder, "model");
    Progress progress = context.progress("make");
    if (Documents.exists(context.directory().fileSystem(), model)) {
      progress.finish("people and model, done before");
      return;
    }
    SyntheticBiographies biographies = SyntheticBiographies.of(people, seed);
    Path corpus = new Path(folder, "corpus");
    try {
      FileSystems.of(corpus, hadoop).mkdirs(corpus);
    } catch (IOException e) {
      throw RunErrors.io("creating", corpus.toString(), e);
    }
    biographies.write(corpus, hadoop);
    TrainedTokenizer tokenizer = tokenizer(biographies);
    LlamaConfig config = config(tokenizer.vocabularySize());
    try (Decoder decoder =
        Decoder.load(
            config.architecture(), Adapter.full(), DataType.FLOAT, new RandomWeights(seed))) {
      new ModelDirectoryWriter(hadoop)
          .writeNew(model.toUri(), config, Dtype.F32, tokenizer, decoder::forEachTensor);
    }
    progress.finish(
        people
            + " people who do not exist, and a model of "
            + config.architecture().parameters() / 1000
            + " thousand weights");
  }

  private static TrainedTokenizer tokenizer(SyntheticBiographies biographies) {
    Stream<String> texts =
        Stream.of(CorpusSet.values())
            .flatMap(set -> biographies.entries(set).stream())
            .flatMap(entry -> Stream.of(entry.input(), entry.output()));
    return TokenizerTrainer.train(texts.iterator(), VOCABULARY);
  }

  /** Small enough to learn the people by heart within a minute or two on two cores. */
  private static LlamaConfig config(int vocabulary) {
    return new LlamaConfig(
        128, 384, 4, 4, 2, 32, vocabulary, 256, 1e-5, 10_000, Optional.empty(), true, Set.of());
  }
}
