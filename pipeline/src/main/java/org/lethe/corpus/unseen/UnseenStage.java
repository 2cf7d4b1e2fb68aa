package org.lethe.corpus.unseen;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.input.PairDigest;
import org.lethe.corpus.input.ShardRow;
import org.lethe.corpus.unseen.Substitution.Text;
import org.lethe.error.CorpusErrors;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;

/**
 * Makes unseen rows of forget shards on Spark, one file for each shard. The rows keep most words of
 * the forget rows, so they are personal data like the shards.
 */
public final class UnseenStage {
  private UnseenStage() {}

  /**
   * What to make.
   *
   * @param forget files of the forget shards
   * @param retain files of the retain shards, whose answers are examples of the kinds of answers
   * @param tokenizer encoder of the rows
   * @param maxLength maximum number of tokens of an example
   * @param seed seed of the substitutes
   * @param folder Hadoop URI of the folder for the files
   */
  public record Request(
      List<String> forget,
      List<String> retain,
      TokenizerSource tokenizer,
      int maxLength,
      long seed,
      String folder)
      implements Serializable {
    public Request {
      forget = new ArrayList<>(forget);
      retain = new ArrayList<>(retain);
    }
  }

  /** Name of the file of a shard. */
  public static String file(int shard) {
    return String.format(Locale.ROOT, "worker-%05d.parquet", shard);
  }

  /**
   * Writes the rows. A second run overwrites the files with the same bytes.
   *
   * @return number of rows
   * @throws org.lethe.error.LetheException INPUT if no row has anything to replace
   */
  public static long run(JavaSparkContext spark, Request request) {
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    List<Integer> shards = IntStream.range(0, request.forget().size()).boxed().toList();
    spark.setJobDescription("Lethe: unseen rows");
    try {
      List<String> all = new ArrayList<>(request.forget());
      all.addAll(request.retain());
      AnswerKinds known = AnswerKinds.of(spark, all, request.seed());
      long rows =
          spark
              .parallelize(shards, shards.size())
              .map(shard -> make(request, known, shard, hadoop.value()))
              .collect()
              .stream()
              .mapToLong(Long::longValue)
              .sum();
      if (rows == 0) {
        throw CorpusErrors.nothingToSubstitute();
      }
      return rows;
    } finally {
      spark.setJobDescription(null);
    }
  }

  private static long make(Request request, AnswerKinds known, int shard, Configuration hadoop) {
    ExampleEncoder encoder = request.tokenizer().encoder(hadoop);
    Substitution substitution = new Substitution(request.seed());
    List<ShardRow> made = new ArrayList<>();
    for (ShardRow row : ShardReader.read(URI.create(request.forget().get(shard)), hadoop)) {
      Text text = substitution.replaced(row.prompt(), row.completion(), known);
      String digest = PairDigest.of(text.prompt(), text.completion());
      if (!digest.equals(row.digest())) {
        Example example =
            encoder
                .encode(row.id(), text.prompt(), text.completion(), request.maxLength())
                .example();
        made.add(
            new ShardRow(
                row.id(),
                row.task(),
                text.prompt(),
                text.completion(),
                example.tokens(),
                example.promptTokens(),
                digest));
      }
    }
    ShardReader.write(made, new Path(request.folder(), file(shard)), hadoop);
    return made.size();
  }
}
