package org.lethe.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.cluster.wire.Exchange.Traffic;
import org.lethe.cluster.wire.Hello.Purpose;
import org.lethe.cluster.wire.Secret.Protection;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.compute.selection.Backends;
import org.nd4j.linalg.api.buffer.DataType;

/** Workers are threads. Every test compares with {@code VectorMath.weightedSum}. */
final class ExchangeTest {
  private static final String HOST = "127.0.0.1";
  private static final int LENGTH = 200_003;
  private static final BooleanSupplier NEVER = () -> false;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"1, FLOAT", "2, FLOAT", "3, DOUBLE", "4, FLOAT", "8, FLOAT"})
  void allEndWithTheMeanInTheOrderOfTheWorkers(int workers, DataType type) throws Exception {
    List<List<FlatVector>> states = states(workers, type);
    double[] weights = new double[workers];
    Arrays.setAll(weights, w -> 3 + w % 3);
    List<double[]> expected = means(states, weights);
    List<FlatVector> driver = states(1, type).get(0);

    run(states, weights, Optional.of(driver), Protection.AUTHENTICATED);

    for (List<FlatVector> state : states) {
      assertEqual(state, expected);
    }
    assertEqual(driver, expected);
  }

  @Test
  void aWorkerWithoutAVersionReceivesTheMeanOfTheOthers() throws Exception {
    List<List<FlatVector>> states = states(3, DataType.FLOAT);
    List<double[]> expected = means(List.of(states.get(0), states.get(2)), new double[] {5, 2});

    run(states, new double[] {5, 0, 2}, Optional.empty(), Protection.AUTHENTICATED);

    for (List<FlatVector> state : states) {
      assertEqual(state, expected);
    }
  }

  @Test
  void vectorsStayAsTheyAreIfNobodyHasAVersion() throws Exception {
    List<List<FlatVector>> states = states(2, DataType.FLOAT);
    List<double[]> before = states.get(1).stream().map(Vectors::values).toList();

    run(states, new double[] {0, 0}, Optional.empty(), Protection.AUTHENTICATED);

    assertEqual(states.get(1), before);
  }

  @ParameterizedTest
  @EnumSource
  void protectionChangesNoByte(Protection protection) throws Exception {
    List<List<FlatVector>> states = states(2, DataType.FLOAT);
    List<double[]> expected = means(states, new double[] {1, 2});

    run(states, new double[] {1, 2}, Optional.empty(), protection);

    assertEqual(states.get(0), expected);
    assertEqual(states.get(1), expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void everyWorkerSendsTheStateTwiceAndTheDriverReceivesItOnce(int workers) throws Exception {
    long state = 3L * Float.BYTES * LENGTH;
    double[] weights = new double[workers];
    Arrays.fill(weights, 1);

    List<Traffic> traffic =
        run(
            states(workers, DataType.FLOAT),
            weights,
            Optional.of(states(1, DataType.FLOAT).get(0)),
            Protection.AUTHENTICATED);

    long introductions = 272L * workers;
    assertThat(traffic.stream().mapToLong(Traffic::toDriver).sum())
        .isEqualTo(state + introductions);
    for (int worker = 0; worker < workers; worker++) {
      long sent = traffic.get(worker).toWorkers().stream().mapToLong(Long::longValue).sum();
      // (W - 1) / W of the state to the owners, and as much of averages.
      double expected = 2.0 * state * (workers - 1) / workers;
      assertThat(sent / expected).isBetween(0.999, 1.001);
      assertThat(traffic.get(worker).toWorkers().get(worker)).isZero();
    }
  }

  @Test
  void aWorkerThatFailsEndsTheExchangeOfAll() throws Exception {
    List<List<FlatVector>> states = states(2, DataType.FLOAT);
    try (Rendezvous rendezvous =
        Rendezvous.open(HOST, HOST, 2, Optional.empty(), Secret.random(Protection.AUTHENTICATED))) {
      Future<Traffic> survivor =
          threads.submit(() -> Exchange.run(rendezvous.point(), HOST, 0, 1, states.get(0), NEVER));
      // The other worker introduces itself and dies.
      try (Listener listener = Listener.open(HOST, rendezvous.point().secret());
          Meeting meeting = Meeting.join(rendezvous.point(), 1)) {
        meeting.introduce(new Roster.Entry(HOST, listener.port(), 1));
        Connection.connect(
                meeting.roster().entries().get(0).address(),
                new Hello(Purpose.CONTRIBUTIONS, 1),
                rendezvous.point().secret())
            .close();
        Connection.connect(
                meeting.roster().entries().get(0).address(),
                new Hello(Purpose.AVERAGES, 1),
                rendezvous.point().secret())
            .close();
      }
      assertThatThrownBy(survivor::get)
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("The exchange failed");
    }
  }

  @Test
  void aCancelledWorkerDoesNotWaitForTheOthers() throws Exception {
    try (Rendezvous rendezvous =
        Rendezvous.open(HOST, HOST, 2, Optional.empty(), Secret.random(Protection.AUTHENTICATED))) {
      assertThatThrownBy(
              () ->
                  Exchange.run(
                      rendezvous.point(), HOST, 0, 1, states(1, DataType.FLOAT).get(0), () -> true))
          .isInstanceOf(IOException.class)
          .hasMessage("The exchange was cancelled");
    }
  }

  @Test
  void processesWithoutTheSecretAreDropped() throws Exception {
    Secret secret = Secret.random(Protection.AUTHENTICATED);
    try (Listener listener = Listener.open(HOST, secret)) {
      Future<Connection> accepted = threads.submit(listener::accept);
      InetSocketAddress address = new InetSocketAddress(HOST, listener.port());
      assertThatThrownBy(
              () ->
                  Connection.connect(
                      address,
                      new Hello(Purpose.AVERAGES, 1),
                      Secret.random(Protection.AUTHENTICATED)))
          .isInstanceOf(IOException.class)
          .hasMessage("Invalid connection: the other end does not know the secret");
      try (SocketChannel stranger = SocketChannel.open(address)) {
        stranger.shutdownOutput();
        try (Connection friend =
            Connection.connect(address, new Hello(Purpose.AVERAGES, 7), secret)) {
          assertThat(accepted.get().hello()).isEqualTo(friend.hello());
          accepted.get().close();
        }
      }
    }
  }

  @Test
  void aSecretIsNotPrinted() {
    assertThat(Secret.random(Protection.ENCRYPTED)).hasToString("Secret[ENCRYPTED]");
  }

  private List<Traffic> run(
      List<List<FlatVector>> states,
      double[] weights,
      Optional<List<FlatVector>> driver,
      Protection protection)
      throws Exception {
    try (Rendezvous rendezvous =
        Rendezvous.open(HOST, HOST, states.size(), driver, Secret.random(protection))) {
      List<Future<Traffic>> running = new ArrayList<>();
      for (int w = 0; w < states.size(); w++) {
        int worker = w;
        running.add(
            threads.submit(
                () ->
                    Exchange.run(
                        rendezvous.point(),
                        HOST,
                        worker,
                        weights[worker],
                        states.get(worker),
                        NEVER)));
      }
      List<Traffic> traffic = new ArrayList<>();
      for (Future<Traffic> future : running) {
        traffic.add(future.get());
      }
      rendezvous.join();
      assertThat(rendezvous.problem()).isEmpty();
      return traffic;
    }
  }

  /** Three vectors per worker, as parameters and moments. */
  private static List<List<FlatVector>> states(int workers, DataType type) {
    List<List<FlatVector>> states = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      List<FlatVector> vectors = new ArrayList<>();
      for (int vector = 0; vector < 3; vector++) {
        vectors.add(Vectors.normal(Backends.of(type), LENGTH, 10L * worker + vector));
      }
      states.add(vectors);
    }
    return states;
  }

  private static List<double[]> means(List<List<FlatVector>> states, double[] weights) {
    double total = Arrays.stream(weights).sum();
    double[] shares = Arrays.stream(weights).map(weight -> weight / total).toArray();
    List<double[]> means = new ArrayList<>();
    for (int vector = 0; vector < 3; vector++) {
      int index = vector;
      List<FlatVector> versions = states.stream().map(state -> state.get(index)).toList();
      FlatVector mean = versions.get(0).math().zeros(LENGTH);
      mean.math().weightedSum(versions, shares, mean);
      means.add(Vectors.values(mean));
    }
    return means;
  }

  private static void assertEqual(List<FlatVector> vectors, List<double[]> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Vectors.values(vectors.get(i))).isEqualTo(expected.get(i));
    }
  }
}
