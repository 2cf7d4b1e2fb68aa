package org.lethe.benchmarks.tasks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.generation.Generator;
import org.lethe.model.generation.SampledPrompt;
import org.lethe.model.generation.Sampling;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PromptTemplate;
import org.lethe.text.Tokenizer;

/** Answers of a model directory, and its loss. */
final class TaskModel implements AutoCloseable {
  private static final int NEW_TOKENS = 64;
  private static final int BATCH = 32;
  private static final int LONGEST = 192;
  private static final long SEED = 1;

  private final Decoder decoder;
  private final Tokenizer tokenizer;
  private final ExampleEncoder encoder;
  private final Generator generator;

  TaskModel(Path model, Path cache) {
    ModelDirectory directory = ModelDirectory.open(model);
    tokenizer = directory.openTokenizer();
    encoder = new ExampleEncoder(tokenizer, PromptTemplate.raw());
    Set<Integer> ends = directory.endTokens(tokenizer);
    decoder =
        PretrainedDecoder.of(model.toUri(), directory.digest(), cache.toString(), Adapter.frozen())
            .load(new Configuration());
    generator = new Generator(decoder, new Generator.Settings(NEW_TOKENS, BATCH, ends));
  }

  /** Returns the most probable answer to each row. */
  List<String> answers(List<TaskRow> rows) {
    List<int[]> prompts = rows.stream().map(row -> encoder.encodePrompt(row.input())).toList();
    return texts(generator.generate(prompts, done -> {}));
  }

  /** Returns some sampled continuations of each row's prompt, at temperature 1. */
  List<String> samples(List<TaskRow> rows, int each) {
    List<SampledPrompt> prompts = new ArrayList<>();
    for (TaskRow row : rows) {
      for (int i = 0; i < each; i++) {
        prompts.add(
            SampledPrompt.of(
                row.id() + "-" + i, encoder.encodePrompt(row.input()), Sampling.temperature(1)));
      }
    }
    return texts(generator.sample(prompts, SEED, done -> {}));
  }

  private List<String> texts(List<int[]> tokens) {
    return tokens.stream().map(text -> tokenizer.decode(text).strip()).toList();
  }

  /** Returns exp of the mean loss per token of the rows' outputs. */
  double perplexity(List<TaskRow> rows) {
    double sum = 0;
    long tokens = 0;
    for (TaskRow row : rows) {
      Example example = encoder.encode(row.id(), row.input(), row.output(), LONGEST).example();
      sum += decoder.forward(Batch.of(List.of(example))).sum(0);
      tokens += example.completionTokens();
    }
    return Math.exp(sum / tokens);
  }

  @Override
  public void close() {
    decoder.close();
    tokenizer.close();
  }
}
