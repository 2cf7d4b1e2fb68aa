package org.lethe.benchmarks;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.corpus.TokenizerSource;
import org.lethe.corpus.find.FindReport;
import org.lethe.corpus.find.FindSettings;
import org.lethe.corpus.find.Finder;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.RowFilter;
import org.lethe.corpus.shard.RetainSample;
import org.lethe.corpus.shard.ShardReport;
import org.lethe.corpus.shard.ShardSettings;
import org.lethe.corpus.shard.Sharder;
import org.lethe.text.Example;
import org.lethe.text.TextSettings;

/**
 * Shards or searches a corpus of {@link CorpusGenerator} on two executors of 2 GB, and measures
 * time and memory. Appends a line to a CSV file.
 *
 * <p>Arguments: {@code sample}, {@code all} or {@code find}; corpus folder, model directory,
 * working folder, CSV file. {@code sample} takes 100,000 retain rows, {@code all} takes every row,
 * {@code find} looks for the subjects of {@link PlantedMentions}.
 */
public final class LargeCorpora {
  private static final int WORKERS = 2;
  private static final AtomicLong LIVE = new AtomicLong();

  private LargeCorpora() {}

  public static void main(String[] arguments) throws IOException {
    watchHeap();
    String mode = arguments[0];
    Path corpus = Path.of(arguments[1]);
    Path work = Files.createDirectories(Path.of(arguments[3]));
    try (SparkSession session = session(work)) {
      long started = System.nanoTime();
      long rows =
          mode.equals("find")
              ? find(session, corpus, work)
              : shard(session, mode, corpus, Path.of(arguments[2]), work);
      double seconds = (System.nanoTime() - started) / 1e9;
      report(mode, rows, seconds, Path.of(arguments[4]));
    }
    if (mode.equals("all")) {
      batches(work.resolve("shards/retain/worker-00000.parquet"), Path.of(arguments[4]));
    }
  }

  /** Measures the time in which a worker reads its first hundred batches. */
  private static void batches(Path shard, Path csv) throws IOException {
    long started = System.nanoTime();
    List<Example> examples = LocalSteps.examples(shard.toUri().toString(), new Configuration());
    LongFunction<List<Example>> batches = LocalSteps.batches(examples, "retain", 8, 42);
    long rows = LongStream.range(0, 100).map(batch -> batches.apply(batch).size()).sum();
    if (rows != 800) {
      throw new IllegalStateException("Invalid rows of 100 batches of 8: " + rows);
    }
    report("batches", examples.size(), (System.nanoTime() - started) / 1e9, csv);
  }

  private static SparkSession session(Path work) {
    return SparkSession.builder()
        .master("local-cluster[" + WORKERS + ",1,2048]")
        .config("spark.executor.memory", "2g")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.local.dir", work.resolve("spark").toString())
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0")
        .getOrCreate();
  }

  private static long shard(SparkSession session, String mode, Path corpus, Path model, Path work) {
    ShardSettings settings =
        new ShardSettings(
            List.of(corpus.resolve("forget").toUri()),
            List.of(corpus.resolve("retain").toUri()),
            FieldNames.lume(),
            256,
            WORKERS,
            ShardSettings.Duplicates.DROP,
            ShardSettings.Overlap.DROP_FROM_RETAIN,
            0.01,
            42,
            RowFilter.all(),
            OptionalLong.empty(),
            mode.equals("all") ? RetainSample.all() : RetainSample.of(RetainSample.LEAST_ROWS),
            List.<URI>of());
    TokenizerSource tokenizer =
        new TokenizerSource(model.toUri(), work.resolve("cache").toString(), TextSettings.DEFAULT);
    ShardReport report =
        new Sharder(session, tokenizer)
            .run(settings, new org.apache.hadoop.fs.Path(work.resolve("shards").toUri()));
    return report.forget().read() + report.retain().read();
  }

  private static long find(SparkSession session, Path corpus, Path work) throws IOException {
    FindReport report =
        new Finder(session)
            .run(
                new FindSettings(
                    List.of(corpus.resolve("retain").toUri()),
                    FieldNames.lume(),
                    PlantedMentions.subjects(),
                    List.of(),
                    0.8),
                new org.apache.hadoop.fs.Path(work.resolve("found").toUri()));
    PlantedMentions.score(corpus, work.resolve("found")).forEach(System.out::println);
    return report.read();
  }

  /** Keeps the most heap that was in use after a collection. */
  private static void watchHeap() {
    ManagementFactory.getGarbageCollectorMXBeans()
        .forEach(
            collector ->
                ((NotificationEmitter) collector)
                    .addNotificationListener(
                        (notification, handback) -> {
                          if (notification.getUserData() instanceof CompositeData data) {
                            LIVE.accumulateAndGet(usedAfter(data), Math::max);
                          }
                        },
                        null,
                        null));
  }

  private static long usedAfter(CompositeData data) {
    return GarbageCollectionNotificationInfo.from(data)
        .getGcInfo()
        .getMemoryUsageAfterGc()
        .entrySet()
        .stream()
        .filter(pool -> pool.getKey().matches(".*(Eden|Survivor|Old|Tenured).*"))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  private static void report(String mode, long rows, double seconds, Path csv) throws IOException {
    long driver = peak(ProcessHandle.current());
    long executors =
        ProcessHandle.current().descendants().mapToLong(LargeCorpora::peak).max().orElse(0);
    String line =
        String.format(
            Locale.ROOT,
            "%s,%d,%.1f,%.0f,%.0f,%d,%d,%d",
            mode,
            rows,
            seconds,
            rows / seconds,
            cpuSeconds(),
            LIVE.get() >> 20,
            driver >> 10,
            executors >> 10);
    if (!Files.exists(csv)) {
      Files.writeString(
          csv,
          "mode,rows,seconds,rows_per_second,cpu_seconds,driver_heap_mb,driver_rss_mb,executor_rss_mb\n");
    }
    Files.writeString(csv, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    System.out.println(line);
  }

  /** CPU seconds of this process and the executors so far. */
  private static double cpuSeconds() {
    return Stream.concat(Stream.of(ProcessHandle.current()), ProcessHandle.current().descendants())
            .mapToLong(
                process -> process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L))
            .sum()
        / 1e3;
  }

  /** Returns the peak resident size of a process in KB, or 0 where Linux does not tell. */
  private static long peak(ProcessHandle process) {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/" + process.pid() + "/status"), StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
