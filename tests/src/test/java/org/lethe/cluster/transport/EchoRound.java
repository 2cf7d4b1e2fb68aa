package org.lethe.cluster.transport;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.cluster.wire.Exchange.Traffic;
import org.lethe.cluster.wire.Secret;
import org.lethe.cluster.wire.Secret.Protection;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.compute.selection.Backends;
import org.nd4j.linalg.api.buffer.DataType;

/** Rounds whose workers return the state without training. */
public final class EchoRound {
  private static final ConcurrentHashMap<Integer, List<FlatVector>> VECTORS =
      new ConcurrentHashMap<>();

  private final JavaSparkContext spark;
  private final List<FlatVector> state;
  private final int workers;
  private final PeerGroup group;

  /** Rounds of a state. */
  public EchoRound(
      JavaSparkContext spark, List<FlatVector> state, int workers, Protection protection) {
    this.spark = spark;
    this.state = state;
    this.workers = workers;
    group = new PeerGroup("echo", workers, Secret.random(protection));
  }

  /** Seconds of the three phases of a round. */
  public record Seconds(double broadcast, double workers, double fetch) {
    /** Seconds of the whole round. */
    public double total() {
      return broadcast + workers + fetch;
    }
  }

  /** Sends the state to the workers, averages what they return and fetches the average. */
  public Seconds general() {
    long start = System.nanoTime();
    try (ClusterTransport<Integer> transport = new ClusterTransport<>(spark, state, workers)) {
      return run(transport, start);
    }
  }

  /** Averages among the workers, which hold the state. */
  public Seconds peers(Recipients recipients, List<Traffic> traffic) {
    long start = System.nanoTime();
    try (PeerTransport<Integer> transport = new PeerTransport<>(spark, group, state, recipients)) {
      Seconds seconds = run(transport, start);
      traffic.addAll(transport.traffic());
      return seconds;
    }
  }

  private Seconds run(RoundTransport<Integer> transport, long start) {
    long sent = System.nanoTime();
    transport.runWorkers(new Echo(state.get(0).length(), state.size()), Reduction.MEAN, state);
    long worked = System.nanoTime();
    transport.fetch(state);
    long fetched = System.nanoTime();
    return new Seconds((sent - start) * 1e-9, (worked - sent) * 1e-9, (fetched - worked) * 1e-9);
  }

  /**
   * Returns random vectors of that many parameters.
   *
   * @param count 3 for parameters and both moments of AdamW, 1 for parameters alone
   */
  public static List<FlatVector> vectors(long parameters, int count) {
    return Stream.generate(
            () -> Vectors.normal(Backends.of(DataType.FLOAT), Math.toIntExact(parameters), 5))
        .limit(count)
        .toList();
  }

  /** A worker that computes nothing. Its report is its index. */
  private record Echo(long parameters, int vectors) implements RoundWork<Integer> {
    @Override
    public Contribution<Integer> run(int worker, StateHandle state) {
      List<FlatVector> local =
          VECTORS.computeIfAbsent(worker, w -> EchoRound.vectors(parameters, vectors));
      state.writeTo(local);
      return new Contribution<>(worker, 8, local, Process.OWNER);
    }
  }

  /** The vectors stay valid until the process ends. */
  private enum Process implements Contribution.Owner {
    OWNER;

    @Override
    public void keep() {}

    @Override
    public void release() {}

    @Override
    public void hold(String state) {}
  }
}
