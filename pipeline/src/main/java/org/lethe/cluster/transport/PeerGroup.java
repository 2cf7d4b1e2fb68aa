package org.lethe.cluster.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.cluster.wire.Secret;

/** Workers that exchange vectors among themselves, and what the driver knows of them. */
final class PeerGroup {
  private final String training;
  private final int workers;
  private final Secret secret;
  private long rounds;
  private Optional<Held> held = Optional.empty();

  /**
   * A group whose workers hold nothing.
   *
   * @param training unique name
   */
  PeerGroup(String training, int workers, Secret secret) {
    this.training = training;
    this.workers = workers;
    this.secret = secret;
  }

  /**
   * The state that the workers hold after a round.
   *
   * @param name its name
   * @param places location of each worker, in Spark's form
   * @param driverToo whether the driver has it too
   */
  record Held(String name, List<String> places, boolean driverToo) {}

  int workers() {
    return workers;
  }

  Secret secret() {
    return secret;
  }

  Optional<Held> held() {
    return held;
  }

  /** Whether the driver's own vectors are older than the workers'. */
  boolean holdsStateAlone() {
    return held.filter(state -> !state.driverToo()).isPresent();
  }

  /** A name for the state after the next round. */
  String nextName() {
    return training + "/" + (rounds + 1);
  }

  void hold(List<String> places, boolean driverToo) {
    held = Optional.of(new Held(nextName(), new ArrayList<>(places), driverToo));
    rounds++;
  }

  void forget() {
    held = Optional.empty();
    rounds++;
  }
}
