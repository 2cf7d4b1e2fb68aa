package org.lethe.cluster.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.FlatVector;

/**
 * The driver's vectors: what it sends to workers and where their results go, the same in every
 * round.
 *
 * @param sent broadcast at the start of a round
 * @param forget summed forget gradients, where those are sent
 * @param retain summed retain gradients, where those are sent
 * @param received written at the end of a round, in the order of a contribution
 */
record RoundBuffers(
    List<FlatVector> sent,
    Optional<FlatVector> forget,
    Optional<FlatVector> retain,
    List<FlatVector> received)
    implements AutoCloseable {

  static RoundBuffers of(TrainingSettings settings, RoundState state) {
    if (settings.averaging() == Averaging.PARAMETERS) {
      return new RoundBuffers(state.vectors(), Optional.empty(), Optional.empty(), state.vectors());
    }
    FlatVector like = state.parameters();
    List<FlatVector> received = new ArrayList<>();
    Optional<FlatVector> forget =
        settings.direction().usesForget() ? Optional.of(fresh(like)) : Optional.empty();
    Optional<FlatVector> retain =
        settings.direction().usesRetain() ? Optional.of(fresh(like)) : Optional.empty();
    forget.ifPresent(received::add);
    retain.ifPresent(received::add);
    return new RoundBuffers(List.of(like), forget, retain, received);
  }

  private static FlatVector fresh(FlatVector like) {
    return like.math().zeros(like.length());
  }

  /** Frees the gradients; the state lives on. */
  @Override
  public void close() {
    forget.ifPresent(FlatVector::close);
    retain.ifPresent(FlatVector::close);
  }
}
