package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.compute.FlatVector;
import scala.Tuple2;

/**
 * Moves a round through Spark. The state travels as broadcasts, contributions travel as chunks that
 * executors average, and the averages travel to the driver.
 */
final class ClusterTransport<R extends Serializable> implements RoundTransport<R> {
  /** Maximum bytes that one Spark job returns, far below {@code spark.driver.maxResultSize}. */
  private static final long COLLECTED_BYTES = 256L << 20;

  /**
   * Bytes that one task averages. Large enough to be worth a task, small enough to give many tasks.
   */
  private static final long PARTITION_BYTES = 16L << 20;

  private final JavaSparkContext spark;
  private final StateBroadcast state;
  private final int workers;
  private Optional<Job<R>> job = Optional.empty();

  ClusterTransport(JavaSparkContext spark, List<FlatVector> sent, int workers) {
    this.spark = spark;
    this.state = StateBroadcast.of(spark, sent);
    this.workers = workers;
  }

  /**
   * The Spark job of a round. Its map side runs once.
   *
   * @param map chunks of the results
   * @param partitions tasks that average
   * @param averaged reports in partition 0, averaged chunks in the other partitions
   */
  private record Job<R extends Serializable>(
      ChunkMap map, int partitions, JavaRDD<Message<R>> averaged) {
    List<Message<R>> collect(IntStream numbers) {
      List<Message<R>> messages = new ArrayList<>();
      for (List<Message<R>> partition : averaged.collectPartitions(numbers.toArray())) {
        messages.addAll(partition);
      }
      return messages;
    }
  }

  /** A worker's end: receives broadcasts and returns chunks through Spark's shuffle. */
  private record End(StateBroadcast state) implements WorkerEnd {
    @Override
    public void writeTo(List<FlatVector> vectors) {
      state.writeTo(vectors);
    }

    @Override
    public <R extends Serializable> Stream<Tuple2<Integer, Message<R>>> contribute(
        int worker, Contribution<R> contribution) {
      List<FlatVector> vectors = contribution.vectors();
      ChunkMap map = ChunkMap.of(vectors);
      return IntStream.range(0, map.count())
          .mapToObj(
              i ->
                  new Tuple2<>(
                      i, new Message.Chunk<>(worker, contribution.weight(), map.read(vectors, i))));
    }
  }

  /** Runs the workers. Their vectors stay on the executors until {@link #fetch}. */
  @Override
  public List<R> runWorkers(RoundWork<R> work, Reduction reduction, List<FlatVector> results) {
    ChunkMap map = ChunkMap.of(results);
    long bytes = (long) map.count() * map.chunkBytes();
    int partitions = (int) Math.min(map.count(), Math.max(1, bytes / PARTITION_BYTES));
    JavaRDD<Message<R>> averaged =
        spark
            .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
            .mapPartitionsToPair(new RoundTask<>(work, new End(state)))
            .partitionBy(new Aggregation.ByChunk(partitions))
            .mapPartitions(new Aggregation<>(reduction, map.type()));
    Job<R> started = new Job<>(map, partitions, averaged);
    job = Optional.of(started);
    return Message.reports(started.collect(IntStream.of(0)));
  }

  @Override
  public void fetch(List<FlatVector> results) {
    Job<R> started = job.orElseThrow();
    ChunkMap map = started.map();
    int partitions = started.partitions();
    int perJob = (int) (COLLECTED_BYTES / PARTITION_BYTES);
    int arrived = 0;
    for (int from = 0; from < partitions; from += perJob) {
      List<Message<R>> messages =
          started.collect(
              IntStream.range(from, Math.min(partitions, from + perJob)).map(i -> i + 1));
      arrived += messages.size();
      messages.parallelStream().forEach(message -> write(message, map, results));
    }
    if (arrived != map.count()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT, "Invalid round: %d of %d chunks arrived", arrived, map.count()));
    }
  }

  private static void write(Message<?> message, ChunkMap map, List<FlatVector> results) {
    if (message instanceof Message.Averaged<?> chunk) {
      map.write(chunk.bytes(), results, chunk.number());
    } else {
      throw new IllegalStateException("Invalid message among averaged chunks: " + message);
    }
  }

  /**
   * Removes broadcasts and shuffle files, which otherwise remain until the driver's garbage
   * collection.
   */
  @Override
  public void close() {
    job.ifPresent(started -> started.averaged().rdd().cleanShuffleDependencies(false));
    state.close();
  }
}
