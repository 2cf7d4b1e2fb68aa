package org.lethe.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A round through Spark: the state as broadcasts, contributions as chunks that are averaged on
 * executors, the averages to the driver.
 */
final class ClusterTransport implements RoundTransport {
  /** Most bytes of results in one Spark job, far from {@code spark.driver.maxResultSize}. */
  private static final long COLLECTED_BYTES = 256L << 20;

  /** Bytes that a task averages: enough to be worth a task, few enough to be many tasks. */
  private static final long PARTITION_BYTES = 16L << 20;

  private final JavaSparkContext spark;
  private final StateBroadcast state;
  private final int workers;
  private Optional<Job> job = Optional.empty();

  ClusterTransport(JavaSparkContext spark, List<INDArray> sent, int workers) {
    this.spark = spark;
    this.state = StateBroadcast.of(spark, sent);
    this.workers = workers;
  }

  /**
   * The job, whose map side runs once.
   *
   * @param map how the results are cut into chunks
   * @param partitions tasks that average
   * @param averaged reports in partition 0, averaged chunks in the others
   */
  private record Job(ChunkMap map, int partitions, JavaRDD<Piece> averaged) {
    List<Piece> collect(IntStream numbers) {
      List<Piece> pieces = new ArrayList<>();
      for (List<Piece> partition : averaged.collectPartitions(numbers.toArray())) {
        pieces.addAll(partition);
      }
      return pieces;
    }
  }

  @Override
  public StateHandle handle() {
    return state;
  }

  /** The workers' vectors stay on the executors. */
  @Override
  public List<WorkerReport> runWorkers(WorkerTask task, List<INDArray> results) {
    return runWorkers(task, task.settings().averaging(), results);
  }

  /** The same for any task that returns reports and chunks. */
  List<WorkerReport> runWorkers(
      PairFlatMapFunction<Iterator<Integer>, Integer, Piece> task,
      Averaging averaging,
      List<INDArray> results) {
    ChunkMap map = ChunkMap.of(results);
    long bytes = (long) map.count() * map.chunkBytes();
    int partitions = (int) Math.min(map.count(), Math.max(1, bytes / PARTITION_BYTES));
    JavaRDD<Piece> averaged =
        spark
            .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
            .mapPartitionsToPair(task)
            .partitionBy(new Aggregation.ByChunk(partitions))
            .mapPartitions(new Aggregation(averaging, map.type()));
    Job started = new Job(map, partitions, averaged);
    job = Optional.of(started);
    List<WorkerReport> reports = new ArrayList<>();
    for (Piece piece : started.collect(IntStream.of(0))) {
      reports.add(((Piece.Report) piece).report());
    }
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    return reports;
  }

  @Override
  public void fetch(List<INDArray> results) {
    Job started = job.orElseThrow();
    ChunkMap map = started.map();
    int partitions = started.partitions();
    int perJob = (int) (COLLECTED_BYTES / PARTITION_BYTES);
    int came = 0;
    for (int from = 0; from < partitions; from += perJob) {
      List<Piece> pieces =
          started.collect(
              IntStream.range(from, Math.min(partitions, from + perJob)).map(i -> i + 1));
      came += pieces.size();
      pieces.parallelStream()
          .map(Piece.Averaged.class::cast)
          .forEach(piece -> map.write(piece.bytes(), results, piece.number()));
    }
    if (came != map.count()) {
      throw new IllegalStateException(
          "Invalid round: %d of %d chunks came".formatted(came, map.count()));
    }
  }

  /** Removes broadcasts and shuffle files; both would wait for the driver's garbage collector. */
  @Override
  public void close() {
    job.ifPresent(started -> started.averaged().rdd().cleanShuffleDependencies(false));
    state.destroy();
  }
}
