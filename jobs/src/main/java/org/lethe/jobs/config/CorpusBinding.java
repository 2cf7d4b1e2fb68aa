package org.lethe.jobs.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.reveal.RevealedCorpus;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.RowFilter;
import org.lethe.corpus.shard.RetainSample;
import org.lethe.corpus.shard.ShardSettings;
import org.lethe.corpus.shard.ShardSettings.Duplicates;
import org.lethe.corpus.shard.ShardSettings.Overlap;

/** Binds lethe.corpus and lethe.shard. */
public final class CorpusBinding {
  private static final Choices<Duplicates> DUPLICATES = Choices.of(Duplicates.class);
  private static final Choices<Overlap> OVERLAPS =
      Choices.of("refuse", Overlap.ERROR)
          .or("forget", Overlap.DROP_FROM_RETAIN)
          .or("allow", Overlap.ALLOW);

  private CorpusBinding() {}

  /**
   * @param workers shards per corpus
   */
  static Optional<ShardSettings> read(ConfigurationReader reader, int workers) {
    boolean reveals = RevealedData.isConfigured(reader);
    List<URI> forget =
        reveals
            ? revealed(reader, CorpusSet.FORGET)
            : uris(reader, "lethe.corpus.forget", "the files to forget");
    List<URI> retain =
        reveals
            ? revealed(reader, CorpusSet.RETAIN)
            : uris(reader, "lethe.corpus.retain", "the files to keep");
    if (forget.isEmpty() || retain.isEmpty()) {
      return Optional.empty();
    }
    Duplicates duplicates = reader.choice("lethe.shard.duplicates", DUPLICATES);
    Overlap overlap = overlap(reader);
    long limit = reader.wholeNumber("lethe.corpus.limit", 0, Long.MAX_VALUE);
    int maxLength = reader.integer("lethe.shard.max-length", 2, 1 << 20);
    double quarantine = reader.number("lethe.shard.quarantine-limit", 0, 1);
    long seed = reader.wholeNumber("lethe.shard.seed", Long.MIN_VALUE, Long.MAX_VALUE);
    RetainSample sample = sample(reader, workers);
    return reader.make(
        "lethe.corpus",
        () ->
            new ShardSettings(
                forget,
                retain,
                fields(reader),
                maxLength,
                workers,
                duplicates,
                overlap,
                quarantine,
                seed,
                where(reader),
                limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit),
                sample,
                reader.texts("lethe.corpus.exclude").stream().map(Uris::of).toList(),
                reader.texts("lethe.corpus.forget-tasks")));
  }

  /** The sample of the retain corpus: the given number of rows, or as many as training can use. */
  private static RetainSample sample(ConfigurationReader reader, int workers) {
    double near = reader.number("lethe.shard.retain-near", 0, 1);
    if (reader.text("lethe.shard.retain-rows").isEmpty()) {
      long used =
          Math.max(
              examples(reader, "lethe.unlearn", workers),
              examples(reader, "lethe.finetune", workers));
      return new RetainSample(OptionalLong.of(Math.max(RetainSample.LEAST_ROWS, 2 * used)), near);
    }
    long rows = reader.wholeNumber("lethe.shard.retain-rows", 0, Long.MAX_VALUE);
    return new RetainSample(rows == 0 ? OptionalLong.empty() : OptionalLong.of(rows), near);
  }

  /** Number of examples of one set that a training uses. */
  private static long examples(ConfigurationReader reader, String training, int workers) {
    double examples =
        (double) reader.integer(training + ".rounds", 1, 1_000_000)
            * reader.integer(training + ".local-steps", 1, 1_000_000)
            * reader.integer(training + ".batch-size", 1, 1 << 20)
            * workers;
    return (long) Math.min(examples, Long.MAX_VALUE / 2);
  }

  /** The revealed corpus and, for the retain set, the user's own files. */
  private static List<URI> revealed(ConfigurationReader reader, CorpusSet set) {
    Path folder = new Path(Uris.of(reader.text("lethe.run-dir").orElse("run")));
    List<URI> all = new ArrayList<>();
    all.add(RevealedCorpus.training(new Path(folder, "revealed"), set).toUri());
    if (set == CorpusSet.RETAIN) {
      reader.texts("lethe.corpus.retain").stream().map(Uris::of).forEach(all::add);
    }
    return all;
  }

  /** What happens to rows that are in both corpora. */
  static Overlap overlap(ConfigurationReader reader) {
    return reader.choice("lethe.shard.overlap", OVERLAPS);
  }

  /** Names of the fields of all corpora. */
  public static FieldNames fields(ConfigurationReader reader) {
    return reader
        .make(
            "lethe.corpus",
            () ->
                new FieldNames(
                    reader.required("lethe.corpus.id-field", "a field"),
                    reader.required("lethe.corpus.prompt-field", "a field"),
                    reader.required("lethe.corpus.completion-field", "a field"),
                    reader.required("lethe.corpus.task-field", "a field")))
        .orElse(FieldNames.lume());
  }

  private static List<URI> uris(ConfigurationReader reader, String key, String what) {
    return reader.requiredTexts(key, what).stream().map(Uris::of).toList();
  }

  private static RowFilter where(ConfigurationReader reader) {
    Map<String, Set<String>> allowed = new TreeMap<>();
    for (String field : reader.names("lethe.corpus.where")) {
      allowed.put(field, new TreeSet<>(reader.listOrText("lethe.corpus.where", field)));
    }
    return RowFilter.where(allowed);
  }
}
