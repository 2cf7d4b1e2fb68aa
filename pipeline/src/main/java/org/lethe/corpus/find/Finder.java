package org.lethe.corpus.find;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.find.FindTask.Counts;
import org.lethe.corpus.find.FindTask.Query;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputFiles;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.ReadTask;
import org.lethe.corpus.input.RowEncoder;
import org.lethe.corpus.input.RowFilter;
import org.lethe.error.RunErrors;
import org.lethe.run.Documents;
import org.lethe.store.FileSystems;
import scala.Tuple2;

/**
 * Searches a corpus for rows about subjects, in one pass on executors. Writes the found rows as a
 * corpus, their digests as an exclusion list, and a report. The driver holds counts and the ids of
 * a few examples.
 */
public final class Finder {
  private static final long SPLIT_BYTES = 32L << 20;
  private static final long ROWS_OF_A_FILE = 100_000;
  private static final int LONGEST = 4;
  private static final String REPORT = "report.json";

  private final JavaSparkContext context;
  private final long splitBytes;

  public Finder(SparkSession session) {
    this(session, SPLIT_BYTES);
  }

  Finder(SparkSession session, long splitBytes) {
    this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.splitBytes = splitBytes;
  }

  /**
   * Searches, and writes {@code rows/part-NNNNN.parquet}, {@code exclude/part-NNNNN.parquet} and
   * {@code report.json} into the folder. Deletes files of an earlier search first.
   *
   * @throws org.lethe.error.LetheException INPUT if the corpus cannot be read
   */
  public FindReport run(FindSettings settings, Path folder) {
    Configuration hadoop = context.hadoopConfiguration();
    FileSystem files = fileSystem(folder, hadoop);
    for (String part : List.of(FoundFiles.ROWS, FoundFiles.EXCLUDE, REPORT)) {
      Documents.delete(files, new Path(folder, part));
    }
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(hadoop));
    try {
      FindReport report = search(settings, folder, configuration);
      Documents.write(files, new Path(folder, REPORT), report);
      return report;
    } finally {
      configuration.destroy();
    }
  }

  private static FileSystem fileSystem(Path folder, Configuration hadoop) {
    try {
      return FileSystems.of(folder, hadoop);
    } catch (IOException e) {
      throw RunErrors.io("opening", folder.toString(), e);
    }
  }

  private FindReport search(
      FindSettings settings, Path folder, Broadcast<SerializableConfiguration> configuration) {
    ReadTask reader =
        new ReadTask(
            settings.fields(),
            RowFilter.all(),
            LONGEST,
            hadoop -> RowEncoder.withoutTokens(),
            configuration);
    InputFiles inputs =
        new InputFiles(configuration.value().value(), settings.fields(), splitBytes);
    List<FileStatus> found = inputs.list(settings.corpus()).files();
    List<InputSplit> splits = inputs.splits(CorpusSet.RETAIN, found, 0);
    Broadcast<Query> query =
        context.broadcast(
            new Query(
                settings.subjects(),
                grams(inputs, settings.given(), reader),
                settings.nearDuplicate()));
    CollectionAccumulator<Counts> counts = new CollectionAccumulator<>();
    context.sc().register(counts);
    JavaRDD<FoundRow> rows =
        context
            .parallelize(splits, Math.max(1, splits.size()))
            .mapPartitions(new FindTask(reader, query, counts))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Totals totals = totals(rows);
      write(rows, totals.rows(), splits.size(), settings, folder, configuration);
      Map<Integer, Counts> bySplit = new TreeMap<>();
      counts.value().forEach(split -> bySplit.put(split.split(), split));
      return new FindReport(
          FindReport.FORMAT,
          found.size(),
          bySplit.values().stream().mapToLong(Counts::read).sum(),
          bySplit.values().stream().mapToLong(Counts::malformed).sum(),
          totals.rows(),
          totals.nearDuplicates(),
          totals.reports(settings.subjects()));
    } finally {
      rows.unpersist(false);
      query.destroy();
    }
  }

  /** Returns the hashed word sequences of the given rows. Their text stays in the tasks. */
  private List<long[]> grams(InputFiles inputs, List<URI> given, ReadTask reader) {
    if (given.isEmpty()) {
      return List.of();
    }
    List<InputSplit> splits = inputs.splits(CorpusSet.FORGET, inputs.list(given).files(), 0);
    return new ArrayList<>(
        context
            .parallelize(splits, Math.max(1, splits.size()))
            .mapPartitions(reader)
            .filter(row -> row instanceof InputRow.Accepted)
            .map(
                row ->
                    FindTask.grams(((InputRow.Accepted) row).row()).stream()
                        .mapToLong(Long::longValue)
                        .sorted()
                        .toArray())
            .collect());
  }

  private static Totals totals(JavaRDD<FoundRow> rows) {
    return rows.mapPartitions(
            part -> {
              Totals totals = new Totals();
              part.forEachRemaining(totals::add);
              return List.of(totals).iterator();
            })
        .treeReduce(Totals::plus, 2);
  }

  private static void write(
      JavaRDD<FoundRow> rows,
      long total,
      int splits,
      FindSettings settings,
      Path folder,
      Broadcast<SerializableConfiguration> configuration) {
    int parts = (int) Math.max(1, Math.min(splits, (total + ROWS_OF_A_FILE - 1) / ROWS_OF_A_FILE));
    JavaPairRDD<Long, FoundRow> byPlace = rows.mapToPair(row -> new Tuple2<>(row.place(), row));
    byPlace
        .repartitionAndSortWithinPartitions(new ByPlace(parts, splits))
        .mapPartitionsWithIndex(
            new FoundFiles(
                folder.toString(),
                settings.fields(),
                settings.subjects().stream().map(Subject::id).toList(),
                configuration),
            false)
        .collect();
  }

  /** Keeps the order of the input across files. */
  private static final class ByPlace extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int parts;
    private final int splits;

    ByPlace(int parts, int splits) {
      this.parts = parts;
      this.splits = splits;
    }

    @Override
    public int numPartitions() {
      return parts;
    }

    @Override
    public int getPartition(Object key) {
      return (int) (((Long) key >>> Integer.SIZE) * parts / splits);
    }
  }
}
