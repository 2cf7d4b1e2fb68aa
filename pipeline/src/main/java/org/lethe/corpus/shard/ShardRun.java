package org.lethe.corpus.shard;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.ReadTask;
import org.lethe.corpus.input.RowEncoder;
import org.lethe.corpus.shard.Decisions.Places;
import org.lethe.corpus.shard.ReportMaker.Found;
import org.lethe.corpus.shard.ShardReport.QuarantinedRow;
import org.lethe.corpus.shard.WriteTask.Written;
import org.lethe.error.RunErrors;
import org.lethe.run.Documents;
import org.lethe.store.FileSystems;

/**
 * One run of the shard stage, as Spark jobs.
 *
 * <ol>
 *   <li>Read and check all rows; shuffle id, digest and place by id, then by digest. This finds
 *       taken ids, duplicates and overlap.
 *   <li>Write unusable rows to the quarantine.
 *   <li>Choose rows: the first ones, or a sample by hash.
 *   <li>Read the chosen rows again and encode them; shuffle their lengths by digest, which gives
 *       every row its rank among the rows of its length, and so its worker.
 *   <li>Shuffle the encoded rows to their shards, and write these.
 * </ol>
 */
final class ShardRun implements AutoCloseable {
  private static final String REPORT = "report.json";

  private static final int MOST_PARTITIONS = 2000;

  private final JavaSparkContext context;
  private final Configuration hadoop;
  private final Broadcast<SerializableConfiguration> configuration;
  private final ShardSettings settings;
  private final RowEncoder.Source encoder;
  private final Path folder;
  private final Sharder.Grain grain;
  private final CollectionAccumulator<RowCounts> readCounts = new CollectionAccumulator<>();
  private final Persisted persisted = new Persisted();

  ShardRun(
      JavaSparkContext context,
      Broadcast<SerializableConfiguration> configuration,
      ShardSettings settings,
      RowEncoder.Source encoder,
      Path folder,
      Sharder.Grain grain) {
    this.context = context;
    this.hadoop = configuration.value().value();
    this.configuration = configuration;
    this.settings = settings;
    this.encoder = encoder;
    this.folder = folder;
    this.grain = grain;
    context.sc().register(readCounts);
  }

  /** Releases what executors keep. */
  @Override
  public void close() {
    persisted.close();
  }

  ShardReport run(Inputs inputs) {
    clear();
    JavaRDD<InputSplit> splits =
        context.parallelize(inputs.splits(), Math.max(1, inputs.splits().size()));
    JavaRDD<Decisions> decisions = persisted.keep(decide(splits, inputs));
    Decisions.Counts counts =
        decisions
            .map(Decisions::counts)
            .treeAggregate(
                Decisions.Counts.NONE, Decisions.Counts::plus, Decisions.Counts::plus, 2);
    Map<Integer, RowCounts> read = countsBySplit();
    Checks checks = new Checks(settings, inputs, folder);
    Map<CorpusSet, RowCounts> rows = bySet(read, inputs);
    rows.forEach(checks::fields);
    Map<CorpusSet, List<QuarantinedRow>> quarantined =
        quarantine(inputs, splits, decisions, read, counts);
    rows.forEach((set, found) -> checks.malformed(set, found, counts.of(set), quarantined));
    checks.overlap(counts);
    rows.forEach((set, found) -> checks.empty(set, found, counts));
    RowChoice limited = limited(new Sampling(decisions, inputs.splits().size()), counts);
    Sampled sampled = sampled(new Sampling(decisions, inputs.splits().size()), limited, counts);
    List<Written> written =
        write(splits, inputs, chosen(decisions, sampled.choice(), splits), sampled);
    Map<CorpusSet, Found> found = new EnumMap<>(CorpusSet.class);
    for (CorpusSet set : CorpusSet.values()) {
      found.put(
          set,
          new Found(
              inputs.files().get(set).size(),
              inputs.skipped().get(set),
              rows.get(set),
              counts.of(set),
              quarantined.getOrDefault(set, List.of()),
              set == CorpusSet.RETAIN ? sampled.leftOut() : 0,
              set == CorpusSet.RETAIN ? sampled.near() : 0));
    }
    ShardReport report = new ReportMaker(settings).report(found, counts, written);
    Documents.write(fileSystem(), new Path(folder, REPORT), report);
    return report;
  }

  private void clear() {
    for (String part : List.of("forget", "retain", "quarantine", REPORT)) {
      Documents.delete(fileSystem(), new Path(folder, part));
    }
  }

  private FileSystem fileSystem() {
    try {
      return FileSystems.of(folder, hadoop);
    } catch (IOException e) {
      throw RunErrors.io("opening", folder.toString(), e);
    }
  }

  private ReadTask reader(RowEncoder.Source source) {
    return new ReadTask(
        settings.fields(), settings.where(), settings.maxLength(), source, configuration);
  }

  private static int partitions(long amount, long each) {
    return (int) Math.max(1, Math.min(MOST_PARTITIONS, (amount + each - 1) / each));
  }

  private JavaRDD<Decisions> decide(JavaRDD<InputSplit> splits, Inputs inputs) {
    int partitions = partitions(inputs.bytes(), 2 * grain.splitBytes());
    Closeness closeness =
        settings.sample().near() > 0 && settings.sample().rows().isPresent()
            ? NearWords.find(splits, reader(encoder.withoutTokens()))
            : Closeness.NONE;
    return splits
        .mapPartitionsToPair(
            new SummaryTask(reader(encoder.withoutTokens()), closeness, readCounts))
        .repartitionAndSortWithinPartitions(Partitioners.byHash(partitions))
        .mapPartitionsToPair(new IdGroups())
        .union(
            context
                .parallelize(inputs.exclusions(), Math.max(1, inputs.exclusions().size()))
                .flatMapToPair(new Exclusions(configuration)))
        .repartitionAndSortWithinPartitions(Partitioners.byDigest(partitions))
        .mapPartitions(new DigestGroups(settings));
  }

  /** Returns the counts of each split. A task that ran twice reported the same ones twice. */
  private Map<Integer, RowCounts> countsBySplit() {
    Map<Integer, RowCounts> bySplit = new TreeMap<>();
    readCounts.value().forEach(counts -> bySplit.put(counts.split(), counts));
    return bySplit;
  }

  private static Map<CorpusSet, RowCounts> bySet(Map<Integer, RowCounts> read, Inputs inputs) {
    Map<CorpusSet, RowCounts> bySet = new EnumMap<>(CorpusSet.class);
    for (CorpusSet set : CorpusSet.values()) {
      bySet.put(
          set,
          RowCounts.sum(
              read.values().stream()
                  .filter(counts -> inputs.setOf(counts.split()) == set)
                  .toList()));
    }
    return bySet;
  }

  private Map<CorpusSet, List<QuarantinedRow>> quarantine(
      Inputs inputs,
      JavaRDD<InputSplit> splits,
      JavaRDD<Decisions> decisions,
      Map<Integer, RowCounts> read,
      Decisions.Counts counts) {
    Set<Integer> malformed = new HashSet<>();
    read.forEach(
        (split, found) -> {
          if (found.rejected() > 0) {
            malformed.add(split);
          }
        });
    long taken = counts.sets().stream().mapToLong(Decisions.SetCounts::idTaken).sum();
    Map<CorpusSet, List<QuarantinedRow>> examples = new EnumMap<>(CorpusSet.class);
    if (malformed.isEmpty() && taken == 0) {
      return examples;
    }
    JavaPairRDD<Integer, long[]> idTaken =
        decisions
            .flatMapToPair(
                block -> {
                  BySplit bySplit = new BySplit();
                  Places places = block.idTaken();
                  for (int i = 0; i < places.size(); i++) {
                    bySplit.add(places.split(i), places.index(i));
                  }
                  return bySplit.parts();
                })
            .partitionBy(Partitioners.byNumber(splits.getNumPartitions()));
    JavaPairRDD.<GroupKey, InputRow>fromJavaRDD(
            splits.zipPartitions(
                idTaken, new UnusableRows(reader(encoder.withoutTokens()), malformed)))
        .repartitionAndSortWithinPartitions(Partitioners.byCorpus(CorpusSet.values().length))
        .mapPartitionsWithIndex(
            new QuarantineTask(folder.toString(), configuration, settings.fields(), inputs.paths()),
            false)
        .collect()
        .forEach(written -> examples.put(written.set(), written.examples()));
    return examples;
  }

  private RowChoice limited(Sampling sampling, Decisions.Counts counts) {
    RowChoice choice = RowChoice.all();
    if (settings.limit().isEmpty()) {
      return choice;
    }
    long limit = settings.limit().getAsLong();
    for (CorpusSet set : CorpusSet.values()) {
      if (counts.of(set).usable() > limit) {
        choice = sampling.limited(choice, set, limit);
      }
    }
    return choice;
  }

  /**
   * A choice, the number of rows in it, the number that the sample leaves out, and the number of
   * sampled rows near to the forget rows.
   */
  private record Sampled(RowChoice choice, long rows, long leftOut, long near) {}

  private Sampled sampled(Sampling sampling, RowChoice limited, Decisions.Counts counts) {
    long limit = settings.limit().orElse(Long.MAX_VALUE);
    long forget = Math.min(limit, counts.of(CorpusSet.FORGET).usable());
    long retain = Math.min(limit, counts.of(CorpusSet.RETAIN).usable());
    long wanted = settings.sample().rows().orElse(Long.MAX_VALUE);
    if (retain <= wanted) {
      return new Sampled(limited, forget + retain, 0, 0);
    }
    Sampling.Strata strata = sampling.strata(limited);
    long near = Math.min(strata.near(), Math.round(wanted * settings.sample().near()));
    // Neighbours take the place of other rows if there are too few of these.
    near = Math.max(near, wanted - strata.far());
    Sampling.Strata rows = new Sampling.Strata(near, wanted - near);
    return new Sampled(
        sampling.sampled(limited, rows), forget + wanted, retain - wanted, rows.near());
  }

  private static JavaPairRDD<Integer, long[]> chosen(
      JavaRDD<Decisions> decisions, RowChoice choice, JavaRDD<InputSplit> splits) {
    return decisions
        .flatMapToPair(
            block -> {
              BySplit bySplit = new BySplit();
              for (CorpusSet set : CorpusSet.values()) {
                for (long place : choice.of(set, block)) {
                  bySplit.add((int) (place >>> Integer.SIZE), (int) place);
                }
              }
              return bySplit.parts();
            })
        .partitionBy(Partitioners.byNumber(splits.getNumPartitions()));
  }

  private List<Written> write(
      JavaRDD<InputSplit> splits,
      Inputs inputs,
      JavaPairRDD<Integer, long[]> chosen,
      Sampled sampled) {
    int workers = settings.workers();
    JavaRDD<EncodedRow> encoded =
        persisted.keep(
            splits.zipPartitions(chosen, new EncodeTask(reader(encoder), inputs.forgetTasks())),
            StorageLevel.DISK_ONLY());
    JavaPairRDD<GroupKey, Integer> byDigest =
        encoded
            .mapToPair(row -> new scala.Tuple2<>(row.rankKey(), row.length()))
            .repartitionAndSortWithinPartitions(
                Partitioners.byDigest(partitions(sampled.rows(), grain.rows())));
    Broadcast<Ranks> ranks =
        context.broadcast(
            new Ranks(
                byDigest.mapPartitionsWithIndex(Ranks.Lengths::count, false).collect(), workers));
    persisted.keep(ranks);
    JavaPairRDD<Integer, long[]> assigned =
        JavaPairRDD.<Integer, long[]>fromJavaRDD(
                byDigest.mapPartitionsWithIndex(
                    (partition, rows) -> ranks.value().assign(partition, rows), false))
            .partitionBy(Partitioners.byNumber(splits.getNumPartitions()));
    return JavaPairRDD.<OutputKey, Boolean>fromJavaRDD(
            encoded.zipPartitions(assigned, new PlaceTask(workers, settings.seed())))
        .repartitionAndSortWithinPartitions(
            Partitioners.byTarget(CorpusSet.values().length * workers))
        .mapPartitionsWithIndex(new WriteTask(folder.toString(), workers, configuration), false)
        .collect();
  }
}
