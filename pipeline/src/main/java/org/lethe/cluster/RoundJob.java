package org.lethe.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One round on Spark: workers, averaging on executors, the result into the driver's vectors. */
final class RoundJob implements AutoCloseable {
  /** Most bytes of results in one Spark job, far from {@code spark.driver.maxResultSize}. */
  private static final long COLLECTED_BYTES = 256L << 20;

  /** Bytes that a task averages: enough to be worth a task, few enough to be many tasks. */
  private static final long PARTITION_BYTES = 16L << 20;

  private final ChunkMap map;
  private final int partitions;
  private final JavaRDD<Piece> averaged;

  /**
   * Plans the job.
   *
   * @param task gets one worker's index, returns its report and chunks
   * @param results what the averages will be written to; their number and length are those of a
   *     contribution
   */
  RoundJob(
      JavaSparkContext spark,
      int workers,
      PairFlatMapFunction<Iterator<Integer>, Integer, Piece> task,
      Averaging averaging,
      List<INDArray> results) {
    map = ChunkMap.of(results);
    long bytes = (long) map.count() * map.chunkBytes();
    partitions = (int) Math.min(map.count(), Math.max(1, bytes / PARTITION_BYTES));
    averaged =
        spark
            .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
            .mapPartitionsToPair(task)
            .partitionBy(new Aggregation.ByChunk(partitions))
            .mapPartitions(new Aggregation(averaging, map.type()));
  }

  /** Runs the workers; their vectors stay on the executors. Reports in the order of workers. */
  List<WorkerReport> runWorkers() {
    List<WorkerReport> reports = new ArrayList<>();
    for (Piece piece : collect(IntStream.of(0))) {
      reports.add(((Piece.Report) piece).report());
    }
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    return reports;
  }

  /** Averages and fetches, chunk by chunk. */
  void fetch(List<INDArray> results) {
    int perJob = (int) (COLLECTED_BYTES / PARTITION_BYTES);
    int came = 0;
    for (int from = 0; from < partitions; from += perJob) {
      List<Piece> pieces =
          collect(IntStream.range(from, Math.min(partitions, from + perJob)).map(i -> i + 1));
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

  private List<Piece> collect(IntStream numbers) {
    List<Piece> pieces = new ArrayList<>();
    for (List<Piece> partition : averaged.collectPartitions(numbers.toArray())) {
      pieces.addAll(partition);
    }
    return pieces;
  }

  /** Removes the shuffle files, which would otherwise wait for the driver's garbage collector. */
  @Override
  public void close() {
    averaged.rdd().cleanShuffleDependencies(false);
  }
}
