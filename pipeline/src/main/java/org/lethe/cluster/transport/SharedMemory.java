package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.compute.FlatVector;
import scala.Tuple2;

/**
 * Moves a round whose workers are threads of the driver's JVM. Workers copy the state from the
 * driver's own vectors, and the driver adds up theirs. The README of tests/benchmarks compares this
 * with chunks through Spark for 180 MB of state per worker.
 */
final class SharedMemory<R extends Serializable> implements RoundTransport<R> {
  private static final Map<String, SharedMemory<?>> OPEN = new ConcurrentHashMap<>();

  private final JavaSparkContext spark;
  private final List<FlatVector> sent;
  private final int workers;
  private final String key = UUID.randomUUID().toString();
  private final ConcurrentSkipListMap<Integer, Contribution<?>> contributions =
      new ConcurrentSkipListMap<>();
  private Reduction reduction = Reduction.MEAN;

  SharedMemory(JavaSparkContext spark, List<FlatVector> sent, int workers) {
    this.spark = spark;
    this.sent = sent;
    this.workers = workers;
    OPEN.put(key, this);
  }

  /** A worker's end: finds the driver's side in the same JVM. */
  private record End(String key) implements WorkerEnd {
    @Override
    public void writeTo(List<FlatVector> vectors) {
      List<FlatVector> source = OPEN.get(key).sent;
      for (int i = 0; i < vectors.size(); i++) {
        vectors.get(i).math().copy(source.get(i), vectors.get(i));
      }
    }

    @Override
    public <R extends Serializable> Stream<Tuple2<Integer, Message<R>>> contribute(
        int worker, Contribution<R> contribution) {
      contribution.owner().keep();
      OPEN.get(key).contributions.put(worker, contribution);
      return Stream.empty();
    }
  }

  @Override
  public List<R> runWorkers(RoundWork<R> work, Reduction how, List<FlatVector> results) {
    reduction = how;
    return Message.reports(
        spark
            .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
            .mapPartitionsToPair(new RoundTask<>(work, new End(key)))
            .values()
            .collect());
  }

  @Override
  public void fetch(List<FlatVector> results) {
    double[] weights = contributions.values().stream().mapToDouble(Contribution::weight).toArray();
    double total = reduction == Reduction.MEAN ? sum(weights) : 1;
    for (int w = 0; w < weights.length; w++) {
      weights[w] /= total;
    }
    for (int i = 0; i < results.size(); i++) {
      int vector = i;
      List<FlatVector> versions =
          contributions.values().stream().map(c -> c.vectors().get(vector)).toList();
      results.get(i).math().weightedSum(versions, weights, results.get(i));
    }
  }

  private static double sum(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /** Releases the workers' vectors. */
  @Override
  public void close() {
    OPEN.remove(key);
    contributions.values().forEach(contribution -> contribution.owner().release());
    contributions.clear();
  }
}
