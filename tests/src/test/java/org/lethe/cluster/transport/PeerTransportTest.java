package org.lethe.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lethe.SparkFixture;
import org.lethe.cluster.wire.Secret;
import org.lethe.cluster.wire.Secret.Protection;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.compute.selection.Backends;
import org.nd4j.linalg.api.buffer.DataType;

/** Rounds among the workers give the bytes of rounds through the driver. */
final class PeerTransportTest {
  private static final int LENGTH = 70_001;

  private final JavaSparkContext spark = SparkFixture.context();
  private final PeerGroup group = new PeerGroup("test", 2, Secret.random(Protection.AUTHENTICATED));

  @BeforeEach
  void forget() {
    Adding.VECTORS.clear();
  }

  @Test
  void roundsGiveTheSameBytesOnBothPaths() {
    List<FlatVector> peers = state();
    round(peers, Recipients.WORKERS);
    round(peers, Recipients.WORKERS);
    round(peers, Recipients.DRIVER_AND_WORKERS);

    Adding.VECTORS.clear();
    List<FlatVector> general = state();
    for (int i = 0; i < 3; i++) {
      try (ClusterTransport<Integer> transport = new ClusterTransport<>(spark, general, 2)) {
        transport.runWorkers(new Adding(), Reduction.MEAN, general);
        transport.fetch(general);
      }
    }
    assertThat(values(peers)).isDeepEqualTo(values(general));
  }

  @Test
  void theDriverReceivesNothingWhereOnlyTheWorkersNeedTheAverages() {
    List<FlatVector> state = state();
    double[][] before = values(state);

    round(state, Recipients.WORKERS);

    assertThat(values(state)).isDeepEqualTo(before);
    assertThat(group.holdsStateAlone()).isTrue();
    round(state, Recipients.DRIVER_AND_WORKERS);
    assertThat(group.holdsStateAlone()).isFalse();
  }

  @Test
  void aRoundIsLostIfAWorkerNoLongerHoldsTheState() {
    List<FlatVector> state = state();
    round(state, Recipients.WORKERS);
    Adding.VECTORS.clear();

    assertThatThrownBy(() -> round(state, Recipients.WORKERS))
        .isInstanceOf(LostRoundException.class)
        .hasMessageMatching("a worker's task (or process )?failed");
  }

  private void round(List<FlatVector> state, Recipients recipients) {
    try (PeerTransport<Integer> transport = new PeerTransport<>(spark, group, state, recipients)) {
      assertThat(transport.runWorkers(new Adding(), Reduction.MEAN, state)).containsExactly(0, 1);
      transport.fetch(state);
      assertThat(transport.traffic()).hasSize(2);
    }
  }

  private static double[][] values(List<FlatVector> vectors) {
    return vectors.stream().map(Vectors::values).toArray(double[][]::new);
  }

  private static List<FlatVector> state() {
    List<FlatVector> state = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      state.add(Vectors.normal(Backends.of(DataType.FLOAT), LENGTH, i));
    }
    return state;
  }

  /** Adds (worker + 1) / 3 times each vector to itself. */
  private record Adding() implements RoundWork<Integer> {
    private static final Map<String, List<FlatVector>> VECTORS = new ConcurrentHashMap<>();

    @Override
    public Contribution<Integer> run(int worker, StateHandle state) {
      List<FlatVector> vectors =
          state
              .held()
              .map(name -> VECTORS.remove(name + worker))
              .orElseGet(() -> fresh(state.held().isEmpty()));
      state.writeTo(vectors);
      vectors.forEach(vector -> vector.math().addScaled((worker + 1) / 3.0, vector, vector));
      return new Contribution<>(
          worker, worker + 7, vectors, new Owner(name -> VECTORS.put(name + worker, vectors)));
    }

    private static List<FlatVector> fresh(boolean sent) {
      if (!sent) {
        throw new IllegalStateException("The state is gone");
      }
      return state();
    }
  }

  private record Owner(Consumer<String> holder) implements Contribution.Owner {
    @Override
    public void keep() {}

    @Override
    public void release() {}

    @Override
    public void hold(String state) {
      holder.accept(state);
    }
  }
}
