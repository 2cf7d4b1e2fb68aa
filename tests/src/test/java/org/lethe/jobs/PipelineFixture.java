package org.lethe.jobs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.lethe.SparkFixture;
import org.lethe.corpus.SyntheticBiographies;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.NativeBackend;
import org.lethe.text.TokenizerTrainer;
import org.lethe.text.TrainedTokenizer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The smallest complete pipeline: a model of two layers with random weights and its own tokenizer,
 * a corpus of eight invented people, and the commands as a user calls them.
 */
final class PipelineFixture {
  private static final int PEOPLE = 8;
  private static final int VOCABULARY = 300;

  private final Path folder;

  /** Writes model and corpora below the folder. */
  PipelineFixture(Path folder) throws IOException {
    this(folder, Dtype.F32);
  }

  /** Writes a model with this dtype, and corpora, below the folder. */
  PipelineFixture(Path folder, Dtype dtype) throws IOException {
    this.folder = folder;
    SyntheticBiographies people = SyntheticBiographies.of(PEOPLE, 1);
    Files.createDirectories(folder.resolve("corpus"));
    people.write(
        new org.apache.hadoop.fs.Path(folder.resolve("corpus").toUri()), new Configuration());
    // Hadoop's checksums would not match after a test changes the file.
    Files.deleteIfExists(folder.resolve("corpus/.forget.jsonl.crc"));
    Files.deleteIfExists(folder.resolve("corpus/.retain.jsonl.crc"));
    // Runs that have a forget corpus need no topic cards.
    Files.deleteIfExists(folder.resolve("corpus/.cards.json.crc"));
    Files.deleteIfExists(folder.resolve("corpus/cards.json"));
    writeModel(model(), dtype, people);
  }

  private static void writeModel(Path directory, Dtype dtype, SyntheticBiographies people) {
    NativeBackend.prepare();
    Stream<String> texts =
        Stream.of(CorpusSet.values())
            .flatMap(set -> people.entries(set).stream())
            .flatMap(entry -> Stream.of(entry.input(), entry.output()));
    TrainedTokenizer tokenizer = TokenizerTrainer.train(texts.iterator(), VOCABULARY);
    LlamaConfig config =
        new LlamaConfig(
            16,
            32,
            2,
            2,
            1,
            8,
            tokenizer.vocabularySize(),
            128,
            1e-5,
            10_000,
            Optional.empty(),
            true,
            Set.of());
    try (Decoder decoder =
        Decoder.load(config.architecture(), Adapter.full(), DataType.FLOAT, new RandomWeights(1))) {
      new ModelDirectoryWriter(new Configuration())
          .writeNew(directory.toUri(), config, dtype, tokenizer, decoder::forEachTensor);
    }
  }

  Path model() {
    return folder.resolve("model");
  }

  Path model(String file) {
    return model().resolve(file);
  }

  Path corpus(String set) {
    return folder.resolve("corpus/" + set + ".jsonl");
  }

  Path run(String name) {
    return folder.resolve(name);
  }

  /** Flags of a command for the run directory with that name. */
  List<String> flags(String run, String... settings) {
    return flagsAt(run(run).toString(), settings);
  }

  private List<String> flagsAt(String directory, String... settings) {
    List<String> flags = new ArrayList<>(List.of("--run-dir", directory));
    List<String> all =
        new ArrayList<>(
            List.of(
                "lethe.model.path=" + model(),
                "lethe.corpus.forget=" + corpus("forget"),
                "lethe.corpus.retain=" + corpus("retain"),
                "lethe.shard.max-length=96",
                "lethe.unlearn.rounds=3",
                "lethe.unlearn.local-steps=2",
                "lethe.unlearn.batch-size=4",
                "lethe.unlearn.learning-rate.peak=1e-3",
                "lethe.unlearn.learning-rate.warm-up-steps=0",
                "lethe.evaluate.limit=6",
                "lethe.evaluate.max-new-tokens=6",
                // They have tests of their own.
                "lethe.evaluate.attacks.try=",
                // Answers of a random model are meaningless.
                "lethe.release.collapse-limit=1"));
    all.addAll(List.of(settings));
    for (String setting : all) {
      // A setting that starts with -- is a flag.
      flags.addAll(setting.startsWith("--") ? List.of(setting) : List.of("--set", setting));
    }
    return flags;
  }

  /**
   * Outcome of a command.
   *
   * @param status exit status
   * @param out standard output
   * @param err standard error
   */
  record Ended(int status, String out, String err) {}

  /** Runs the pipeline in this JVM, with the Spark session of all tests. */
  Ended pipeline(String run, String... settings) {
    return pipeline(flags(run, settings));
  }

  /** As {@link #pipeline}, with any run directory. */
  Ended pipelineAt(String directory, String... settings) {
    return pipeline(flagsAt(directory, settings));
  }

  private Ended pipeline(List<String> flags) {
    List<String> arguments = new ArrayList<>(List.of("pipeline"));
    arguments.addAll(flags);
    return execute(arguments);
  }

  /** Runs any command in this JVM. */
  Ended execute(List<String> arguments) {
    SparkFixture.session();
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    System.setProperty("lethe.log", folder.resolve("lethe.log").toString());
    try {
      int status = Lethe.execute(arguments.toArray(String[]::new));
      return new Ended(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
      System.clearProperty("lethe.log");
    }
  }
}
