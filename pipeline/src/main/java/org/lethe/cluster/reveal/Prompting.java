package org.lethe.cluster.reveal;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.CandidateRows;
import org.lethe.corpus.StatementRows;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.Response;
import org.lethe.reveal.oracle.FactModel;
import org.lethe.reveal.oracle.StatementModel;
import org.lethe.run.Documents;
import org.lethe.spark.SparkJob;
import org.lethe.store.FileSystems;

/**
 * Prompts a model on Spark. Texts travel through files in a separate folder, which is emptied
 * afterwards, so that Spark stores none. Any number of workers gives the same responses.
 */
public final class Prompting implements StatementModel, FactModel {
  private static final int STATEMENTS_PER_BATCH = 32;

  private static final Comparator<Prompt> BY_LENGTH =
      Comparator.comparingInt(prompt -> prompt.text().length());

  /** Statements with one prompt share a batch. */
  private static final Comparator<Statement> BY_PROMPT =
      Comparator.comparingInt((Statement statement) -> statement.prompt().length())
          .thenComparing(Statement::prompt)
          .thenComparingInt(statement -> statement.text().length());

  private final JavaSparkContext spark;
  private final PromptedModel model;
  private final PromptingSettings settings;
  private final int workers;
  private final Path folder;
  private final ScoringProgress.Scored scored;

  /**
   * @param workers concurrent Spark tasks, at least 1
   * @param folder folder for prompts and responses in transit; deleted after each use
   * @param scored receives the progress of scoring
   */
  Prompting(
      JavaSparkContext spark,
      PromptedModel model,
      PromptingSettings settings,
      int workers,
      Path folder,
      ScoringProgress.Scored scored) {
    if (workers < 1) {
      throw new IllegalArgumentException("Invalid number of workers: " + workers);
    }
    this.spark = spark;
    this.model = model;
    this.settings = settings;
    this.workers = workers;
    this.folder = folder;
    this.scored = scored;
  }

  /**
   * Responses and their cost.
   *
   * @param responses responses in {@link CandidateRows#ORDER}
   * @param tokens tokens generated for each card, by its id
   */
  public record Result(List<Response> responses, Map<String, Long> tokens) {}

  /** Tokens of one task by card. */
  private record Counts(TreeMap<String, Long> tokens) implements Serializable {}

  /** Generates a response to each prompt. */
  public Result respond(List<Prompt> prompts, PromptingListener listener) {
    Configuration hadoop = spark.hadoopConfiguration();
    try {
      CandidateRows.writePrompts(prompts, file("prompts"), hadoop);
      LongAccumulator rows = spark.sc().longAccumulator("responses");
      LongAccumulator tokens = spark.sc().longAccumulator("generated tokens");
      GenerationProgress progress = new GenerationProgress(rows, tokens, prompts.size(), listener);
      spark.sc().addSparkListener(progress);
      List<TaskResult<Counts>> results;
      try {
        String at = folder.toString();
        PromptedModel prompted = model;
        PromptingSettings how = settings;
        int all = workers;
        results =
            run(
                "responses",
                (worker, configuration) ->
                    respond(prompted, how, at, worker, all, configuration, rows, tokens));
      } finally {
        spark.sc().removeSparkListener(progress);
      }
      TreeMap<String, Long> sums = new TreeMap<>();
      for (TaskResult<Counts> result : results) {
        result
            .orThrow()
            .values()
            .forEach(c -> c.tokens().forEach((card, n) -> sums.merge(card, n, Long::sum)));
      }
      progress.finish();
      List<Response> responses = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        responses.addAll(CandidateRows.readResponses(file("part-" + worker), hadoop));
      }
      responses.sort(Comparator.comparing(r -> r.prompt().id(), CandidateRows.ORDER));
      return new Result(responses, sums);
    } finally {
      clear();
    }
  }

  private static TaskResult<Counts> respond(
      PromptedModel model,
      PromptingSettings settings,
      String folder,
      int worker,
      int workers,
      Configuration hadoop,
      LongAccumulator rows,
      LongAccumulator tokens) {
    List<Prompt> prompts = CandidateRows.readPrompts(file(folder, "prompts"), hadoop);
    List<int[]> share = WorkerBatches.of(prompts, BY_LENGTH, settings.batchSize(), worker, workers);
    List<Response> responses = new ArrayList<>();
    TreeMap<String, Long> byCard = new TreeMap<>();
    if (!share.isEmpty()) {
      model.use(
          hadoop,
          work -> {
            for (int[] batch : share) {
              List<Prompt> members = Arrays.stream(batch).mapToObj(prompts::get).toList();
              PromptWork.Answers answers = work.answer(members, settings);
              responses.addAll(answers.responses());
              for (int i = 0; i < members.size(); i++) {
                byCard.merge(members.get(i).id().card(), answers.tokens()[i], Long::sum);
              }
              rows.add(members.size());
              tokens.add(Arrays.stream(answers.tokens()).sum());
            }
            return true;
          });
    }
    CandidateRows.writeResponses(responses, file(folder, "part-" + worker), hadoop);
    return new TaskResult<>(new int[] {worker}, List.of(new Counts(byCard)), ExitClass.SUCCESS, "");
  }

  /** Last-token states of instructions, [prompts, D]. */
  public float[][] states(List<Prompt> prompts) {
    try {
      Configuration hadoop = spark.hadoopConfiguration();
      CandidateRows.writePrompts(prompts, file("prompts"), hadoop);
      // The file is sorted by id. The result keeps the caller's order.
      List<Prompt> sorted = CandidateRows.readPrompts(file("prompts"), hadoop);
      String at = folder.toString();
      PromptedModel prompted = model;
      int batch = settings.batchSize();
      int all = workers;
      List<float[]> states =
          TaskResult.inOrder(
              run(
                  "states of instructions",
                  (worker, h) -> states(prompted, batch, at, worker, all, h)));
      TreeMap<String, float[]> byId = new TreeMap<>();
      for (int i = 0; i < sorted.size(); i++) {
        byId.put(sorted.get(i).id().toString(), states.get(i));
      }
      return prompts.stream().map(p -> byId.get(p.id().toString())).toArray(float[][]::new);
    } finally {
      clear();
    }
  }

  private static TaskResult<float[]> states(
      PromptedModel model,
      int batchSize,
      String folder,
      int worker,
      int workers,
      Configuration hadoop) {
    List<Prompt> prompts = CandidateRows.readPrompts(file(folder, "prompts"), hadoop);
    return batches(
        model,
        WorkerBatches.of(prompts, BY_LENGTH, batchSize, worker, workers),
        hadoop,
        (work, batch) ->
            List.of(work.states(Arrays.stream(batch).mapToObj(prompts::get).toList())));
  }

  @Override
  public double[] meanLogProbabilities(List<Statement> statements) {
    return scores("likelihood of statements", statements, PromptWork::meanLogProbabilities);
  }

  @Override
  public double[] factLogProbabilities(List<Statement> statements) {
    return scores("log-probabilities of facts", statements, PromptWork::factLogProbabilities);
  }

  /** Scores the statements of a batch. */
  private interface Scoring extends Serializable {
    double[] of(PromptWork work, List<Statement> statements);
  }

  private double[] scores(String description, List<Statement> statements, Scoring scoring) {
    LongAccumulator done = spark.sc().longAccumulator("scored statements");
    ScoringProgress progress = new ScoringProgress(done, statements.size(), scored);
    spark.sc().addSparkListener(progress);
    try {
      StatementRows.write(statements, file("statements"), spark.hadoopConfiguration());
      String at = folder.toString();
      PromptedModel prompted = model;
      int all = workers;
      return TaskResult.inOrder(
              run(description, (worker, h) -> scores(prompted, at, worker, all, h, scoring, done)))
          .stream()
          .mapToDouble(value -> value)
          .toArray();
    } finally {
      progress.finish();
      spark.sc().removeSparkListener(progress);
      clear();
    }
  }

  private static TaskResult<Double> scores(
      PromptedModel model,
      String folder,
      int worker,
      int workers,
      Configuration hadoop,
      Scoring scoring,
      LongAccumulator done) {
    List<Statement> statements = StatementRows.read(file(folder, "statements"), hadoop);
    return batches(
        model,
        WorkerBatches.of(statements, BY_PROMPT, STATEMENTS_PER_BATCH, worker, workers),
        hadoop,
        (work, batch) -> {
          double[] values =
              scoring.of(work, Arrays.stream(batch).mapToObj(statements::get).toList());
          done.add(batch.length);
          return Arrays.stream(values).boxed().toList();
        });
  }

  /** Computes a value for each item of a batch. */
  private interface BatchWork<T> {
    List<T> run(PromptWork work, int[] batch);
  }

  private static <T extends Serializable> TaskResult<T> batches(
      PromptedModel model, List<int[]> share, Configuration hadoop, BatchWork<T> batchWork) {
    List<T> values = new ArrayList<>();
    if (!share.isEmpty()) {
      model.use(
          hadoop,
          work -> {
            share.forEach(batch -> values.addAll(batchWork.run(work, batch)));
            return true;
          });
    }
    int[] items = share.stream().flatMapToInt(Arrays::stream).toArray();
    return new TaskResult<>(items, values, ExitClass.SUCCESS, "");
  }

  /** A worker's part. */
  private interface Task<T extends Serializable> extends Serializable {
    TaskResult<T> run(int worker, Configuration hadoop);
  }

  private <T extends Serializable> List<TaskResult<T>> run(String description, Task<T> task) {
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    try {
      List<Integer> indices = IntStream.range(0, workers).boxed().toList();
      return SparkJob.run(
          spark,
          description,
          () ->
              spark
                  .parallelize(indices, workers)
                  .map(worker -> guarded(task, worker, configuration.value().value()))
                  .collect());
    } finally {
      configuration.destroy();
    }
  }

  private static <T extends Serializable> TaskResult<T> guarded(
      Task<T> task, int worker, Configuration hadoop) {
    try {
      return task.run(worker, hadoop);
    } catch (LetheException e) {
      return TaskResult.failed(e);
    }
  }

  private Path file(String name) {
    return file(folder.toString(), name);
  }

  private static Path file(String folder, String name) {
    return new Path(folder, name + ".parquet");
  }

  private void clear() {
    try {
      Documents.delete(FileSystems.of(folder, spark.hadoopConfiguration()), folder);
    } catch (IOException e) {
      throw RunErrors.io("opening", folder.toString(), e);
    }
  }
}
