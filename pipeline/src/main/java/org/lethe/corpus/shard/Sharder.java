package org.lethe.corpus.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputFiles;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.JsonLinesInput;
import org.lethe.corpus.input.ReadTask;
import org.lethe.corpus.input.RowEncoder;
import org.lethe.corpus.input.ShardRow;
import org.lethe.corpus.shard.WriteTask.Key;
import org.lethe.corpus.shard.WriteTask.Written;
import org.lethe.error.CorpusErrors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import scala.Tuple2;

/**
 * Turns corpora into shards. Reads and checks every row, encodes it, quarantines malformed rows,
 * finds duplicates and overlap by digest, and divides the remaining rows among workers by tokens.
 *
 * <p>The same inputs, settings and seed give the same bytes, whatever the number of tasks. Digest
 * and length decide a row's shard; seed and digest decide its position in the shard.
 *
 * <p>Runs at most three Spark jobs. The first counts lines, if several tasks read one file; the
 * second reads rows; the third writes them. Text moves between tasks only, never to the driver.
 */
public final class Sharder {
  private static final long SPLIT_BYTES = 32L << 20;
  private static final String REPORT = "report.json";

  private final SparkSession session;
  private final RowEncoder.Source encoder;
  private final long splitBytes;

  /**
   * Creates a sharder.
   *
   * @param encoder source of encoders; every reading task opens one
   */
  public Sharder(SparkSession session, RowEncoder.Source encoder) {
    this(session, encoder, SPLIT_BYTES);
  }

  Sharder(SparkSession session, RowEncoder.Source encoder, long splitBytes) {
    this.session = session;
    this.encoder = encoder;
    this.splitBytes = splitBytes;
  }

  /**
   * Writes {@code forget/worker-NNNNN.parquet} and {@code retain/worker-NNNNN.parquet} for every
   * worker into the folder, {@code report.json}, and {@code quarantine/*.parquet} if there are
   * malformed rows. A worker may get a shard without rows. Deletes files of an earlier attempt
   * first.
   *
   * @param folder the run's {@code shards} folder
   * @throws LetheException INPUT if a corpus cannot be read, is empty, has too many malformed rows,
   *     lacks the configured fields, or overlaps with the other one against the settings
   */
  public ShardReport run(ShardSettings settings, Path folder) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(hadoop));
    try {
      return new Run(context, hadoop, configuration, settings, folder).run();
    } catch (
        Exception
            e) { // SparkException is checked but undeclared, because Spark is written in Scala
      throw ofTask(e, folder);
    } finally {
      configuration.destroy();
    }
  }

  /** Returns the exception that a task threw. Spark wraps it. */
  private static RuntimeException ofTask(Exception thrown, Path folder) {
    Throwable root = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LetheException known) {
        return known;
      }
      root = cause;
    }
    if (root instanceof IOException io) {
      // An I/O error of Spark's own files. Other I/O errors already are LetheExceptions.
      LetheException known = RunErrors.io("sharding into", folder.toString(), io);
      if (known.exitClass() == ExitClass.PLATFORM) {
        return known;
      }
    }
    return thrown instanceof RuntimeException known ? known : CorpusErrors.sparkFailed(root);
  }

  /** One call of {@link #run}. */
  private final class Run {
    private final JavaSparkContext context;
    private final Configuration hadoop;
    private final Broadcast<SerializableConfiguration> configuration;
    private final ShardSettings settings;
    private final Path folder;
    private final Map<CorpusSet, List<FileStatus>> files = new EnumMap<>(CorpusSet.class);

    Run(
        JavaSparkContext context,
        Configuration hadoop,
        Broadcast<SerializableConfiguration> configuration,
        ShardSettings settings,
        Path folder) {
      this.context = context;
      this.hadoop = hadoop;
      this.configuration = configuration;
      this.settings = settings;
      this.folder = folder;
    }

    ShardReport run() {
      clear();
      List<InputSplit> splits = numbered(findSplits());
      JavaRDD<InputRow> rows =
          context
              .parallelize(splits, Math.max(1, splits.size()))
              .mapPartitions(
                  new ReadTask(
                      settings.fields(),
                      settings.where(),
                      settings.maxLength(),
                      encoder,
                      configuration))
              .persist(StorageLevel.MEMORY_AND_DISK());
      try {
        ShardPlan plan = plan(rows.map(RowSummary::of).collect(), splits);
        check(plan, rows, splits);
        List<Written> written = write(rows, plan.targets(splits, settings.workers()));
        ShardReport report = new ReportMaker(settings, files).report(plan, written);
        Documents.write(fileSystem(), new Path(folder, REPORT), report);
        return report;
      } finally {
        rows.unpersist(false);
      }
    }

    private void clear() {
      for (String part : List.of("forget", "retain", "quarantine", REPORT)) {
        Documents.delete(fileSystem(), new Path(folder, part));
      }
    }

    private FileSystem fileSystem() {
      try {
        return RunDirectory.fileSystem(folder, hadoop);
      } catch (IOException e) {
        throw RunErrors.io("opening", folder.toString(), e);
      }
    }

    private List<InputSplit> findSplits() {
      InputFiles inputs = new InputFiles(hadoop, settings.fields(), splitBytes);
      List<InputSplit> splits = new ArrayList<>();
      for (CorpusSet set : CorpusSet.values()) {
        List<FileStatus> found = inputs.list(settings.uris(set));
        files.put(set, found);
        splits.addAll(inputs.splits(set, found, splits.size()));
      }
      return splits;
    }

    /** Gives every split of a JSON Lines file the number of its first line. */
    private List<InputSplit> numbered(List<InputSplit> splits) {
      List<InputSplit> cut =
          splits.stream()
              .filter(split -> split.format() == InputSplit.Format.JSON_LINES && isCut(split))
              .toList();
      if (cut.isEmpty()) {
        return splits;
      }
      Broadcast<SerializableConfiguration> shared = configuration;
      Map<Integer, Long> lines = new HashMap<>();
      context
          .parallelize(cut, cut.size())
          .map(split -> new Tuple2<>(split.number(), countLines(split, shared)))
          .collect()
          .forEach(count -> lines.put(count._1(), count._2()));
      List<InputSplit> numbered = new ArrayList<>();
      long next = 1;
      for (InputSplit split : splits) {
        next = split.start() == 0 ? 1 : next;
        boolean counted = lines.containsKey(split.number());
        numbered.add(counted ? split.startingAtLine(next) : split);
        next += lines.getOrDefault(split.number(), 0L);
      }
      return numbered;
    }

    private boolean isCut(InputSplit split) {
      return split.length() < files.get(split.set()).get(split.file()).getLen();
    }

    private ShardPlan plan(List<RowSummary> summaries, List<InputSplit> splits) {
      Map<CorpusSet, List<RowSummary>> bySet = new EnumMap<>(CorpusSet.class);
      for (CorpusSet set : CorpusSet.values()) {
        bySet.put(set, new ArrayList<>());
      }
      for (RowSummary row : summaries) {
        bySet.get(splits.get(row.place().split()).set()).add(row);
      }
      Map<CorpusSet, SetPlan> sets = new EnumMap<>(CorpusSet.class);
      bySet.forEach((set, rows) -> sets.put(set, new SetPlan(rows, settings.duplicates())));
      return new ShardPlan(sets, settings);
    }

    private void check(ShardPlan plan, JavaRDD<InputRow> rows, List<InputSplit> splits) {
      for (CorpusSet set : CorpusSet.values()) {
        checkFields(plan.set(set), set);
      }
      for (CorpusSet set : CorpusSet.values()) {
        SetPlan found = plan.set(set);
        long bad = found.quarantined().size();
        if (bad > settings.quarantineLimit() * (found.read() - found.filtered())) {
          // Keeps the malformed rows, because the user needs them to correct the corpus.
          write(rows, plan.quarantineOnly(splits, settings.workers()));
          throw CorpusErrors.tooManyMalformed(
              set.label(),
              bad,
              found.read() - found.filtered(),
              settings.quarantineLimit(),
              found.reasons(),
              new ReportMaker(settings, files)
                  .quarantinedRows(found, set).stream()
                      .limit(3)
                      .map(row -> row.file() + ":" + row.line())
                      .toList(),
              new Path(folder, "quarantine").toString());
        }
      }
      if (settings.overlap() == ShardSettings.Overlap.ERROR && !plan.overlap().isEmpty()) {
        throw CorpusErrors.overlap(
            plan.overlap().size(),
            plan.overlap().stream()
                .limit(3)
                .map(o -> o.forgetId() + " = " + o.retainId() + " (" + o.digest() + ")")
                .toList());
      }
      for (CorpusSet set : CorpusSet.values()) {
        if (!settings.uris(set).isEmpty() && plan.chosen(set).isEmpty()) {
          throw CorpusErrors.emptyCorpus(
              set.label(),
              settings.uris(set).stream().map(Object::toString).toList(),
              plan.set(set).read(),
              plan.set(set).filtered(),
              plan.overlap().size());
        }
      }
    }

    /** Rejects the configuration if no record has one of the configured fields. */
    private void checkFields(SetPlan found, CorpusSet set) {
      Set<String> missing = new TreeSet<>();
      Set<String> present = new TreeSet<>();
      found
          .quarantined()
          .forEach(
              row -> {
                missing.add(row.row().missing());
                present.addAll(row.row().present());
              });
      if (!found.usable().isEmpty() || missing.size() != 1) {
        return;
      }
      String field = missing.iterator().next();
      if (!field.isEmpty() && !present.contains(field)) {
        throw CorpusErrors.noSuchField(
            field,
            files
                .get(set)
                .get(found.quarantined().get(0).row().place().file())
                .getPath()
                .toString(),
            List.copyOf(present));
      }
    }

    private List<Written> write(JavaRDD<InputRow> rows, OutputNumbers targets) {
      Broadcast<OutputNumbers> shared = context.broadcast(targets);
      long seed = settings.seed();
      JavaPairRDD<Key, InputRow> placed =
          rows.filter(row -> shared.value().of(row.place()) != OutputNumbers.NOWHERE)
              .mapToPair(row -> new Tuple2<>(key(row, shared.value(), seed), row));
      List<List<String>> paths =
          Arrays.stream(CorpusSet.values())
              .map(set -> files.get(set).stream().map(f -> f.getPath().toString()).toList())
              .toList();
      try {
        return placed
            .repartitionAndSortWithinPartitions(new ByTarget(targets.count()))
            .mapPartitionsWithIndex(
                new WriteTask(
                    folder.toString(),
                    new OutputNumbers(0, settings.workers()),
                    configuration,
                    settings.fields(),
                    paths),
                false)
            .collect();
      } finally {
        shared.destroy();
      }
    }
  }

  private static long countLines(
      InputSplit split, Broadcast<SerializableConfiguration> configuration) throws IOException {
    try (JsonLinesInput input = new JsonLinesInput(split, configuration.value().value())) {
      return input.countLines();
    }
  }

  private static Key key(InputRow row, OutputNumbers targets, long seed) {
    int target = targets.of(row.place());
    if (row instanceof InputRow.Accepted accepted && !targets.isQuarantine(target)) {
      ShardRow shard = accepted.row();
      return new Key(
          target,
          mixed(seed, shard.digest()),
          shard.digest(),
          shard.id(),
          row.place().file(),
          row.place().line());
    }
    return new Key(target, 0, "", "", row.place().file(), row.place().line());
  }

  /**
   * Returns a pseudo-random number that depends on seed and digest alone (SplitMix64's finaliser).
   */
  private static long mixed(long seed, String digest) {
    long z = Long.parseUnsignedLong(digest, 0, 16, 16) + seed * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static final class ByTarget extends Partitioner {
    private final int targets;

    ByTarget(int targets) {
      this.targets = targets;
    }

    @Override
    public int numPartitions() {
      return targets;
    }

    @Override
    public int getPartition(Object key) {
      return ((Key) key).target();
    }
  }
}
