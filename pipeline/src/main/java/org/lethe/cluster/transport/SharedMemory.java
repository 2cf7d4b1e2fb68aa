package org.lethe.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.tensor.FlatVectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Tuple2;

/**
 * A round whose workers are threads of the driver's JVM: they copy the state from the driver's own
 * vectors, and the driver adds up theirs. Measured against chunks through Spark for 180 MB of state
 * per worker: README.md of tests/benchmarks.
 */
final class SharedMemory implements RoundTransport {
  private static final Map<String, SharedMemory> OPEN = new ConcurrentHashMap<>();

  private final JavaSparkContext spark;
  private final List<INDArray> sent;
  private final int workers;
  private final String key = UUID.randomUUID().toString();
  private final ConcurrentSkipListMap<Integer, Contribution> contributions =
      new ConcurrentSkipListMap<>();
  private Averaging averaging = Averaging.PARAMETERS;

  SharedMemory(JavaSparkContext spark, List<INDArray> sent, int workers) {
    this.spark = spark;
    this.sent = sent;
    this.workers = workers;
    OPEN.put(key, this);
  }

  private record Contribution(double weight, List<INDArray> vectors, ResidentModel.Lease lease) {}

  /** Finds the driver's side again in the same JVM. */
  private record Handle(String key) implements StateHandle {
    @Override
    public void writeTo(List<INDArray> vectors) {
      List<INDArray> source = OPEN.get(key).sent;
      for (int i = 0; i < vectors.size(); i++) {
        FlatVectors.copy(source.get(i), vectors.get(i));
      }
    }

    @Override
    public Stream<Tuple2<Integer, Piece>> contribute(
        int worker, double weight, List<INDArray> vectors, ResidentModel.Lease lease) {
      lease.keep();
      OPEN.get(key).contributions.put(worker, new Contribution(weight, vectors, lease));
      return Stream.empty();
    }
  }

  @Override
  public StateHandle handle() {
    return new Handle(key);
  }

  @Override
  public List<WorkerReport> runWorkers(WorkerTask task, List<INDArray> results) {
    averaging = task.settings().averaging();
    List<WorkerReport> reports = new ArrayList<>();
    spark
        .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
        .mapPartitionsToPair(task)
        .values()
        .collect()
        .forEach(piece -> reports.add(((Piece.Report) piece).report()));
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    return reports;
  }

  @Override
  public void fetch(List<INDArray> results) {
    double[] weights = contributions.values().stream().mapToDouble(Contribution::weight).toArray();
    double total = averaging == Averaging.PARAMETERS ? sum(weights) : 1;
    for (int w = 0; w < weights.length; w++) {
      weights[w] /= total;
    }
    for (int i = 0; i < results.size(); i++) {
      int vector = i;
      List<INDArray> versions =
          contributions.values().stream().map(c -> c.vectors().get(vector)).toList();
      FlatVectors.update(versions, List.of(results.get(i)), new WeightedSumKernel(weights));
    }
  }

  private static double sum(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /** Gives the workers' models back. */
  @Override
  public void close() {
    OPEN.remove(key);
    contributions
        .values()
        .forEach(
            contribution -> {
              contribution.lease().done(ResidentModel.Parameters.CHANGED);
              contribution.lease().close();
            });
    contributions.clear();
  }

  /** The sums of {@link ChunkSum}, operation by operation. */
  private record WeightedSumKernel(double[] weights) implements FlatVectors.Kernel {
    @Override
    public void floats(float[][] vectors, int length) {
      float[] result = vectors[weights.length];
      for (int i = 0; i < length; i++) {
        double sum = weights[0] * vectors[0][i];
        for (int w = 1; w < weights.length; w++) {
          sum += weights[w] * vectors[w][i];
        }
        result[i] = (float) sum;
      }
    }

    @Override
    public void doubles(double[][] vectors, int length) {
      double[] result = vectors[weights.length];
      for (int i = 0; i < length; i++) {
        double sum = weights[0] * vectors[0][i];
        for (int w = 1; w < weights.length; w++) {
          sum += weights[w] * vectors[w][i];
        }
        result[i] = sum;
      }
    }
  }
}
