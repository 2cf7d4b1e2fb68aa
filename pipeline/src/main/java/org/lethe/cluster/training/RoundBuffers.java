package org.lethe.cluster.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.FlatVector;

/**
 * The driver's vectors, which all rounds share.
 *
 * @param sent vectors that workers receive at the start of a round
 * @param forget summed forget gradients, if workers send gradients
 * @param retain summed retain gradients, if workers send gradients
 * @param mean mean of the workers' parameters, if an outer step follows
 * @param received vectors written at the end of a round, in the order of a contribution
 */
record RoundBuffers(
    List<FlatVector> sent,
    Optional<FlatVector> forget,
    Optional<FlatVector> retain,
    Optional<FlatVector> mean,
    List<FlatVector> received)
    implements AutoCloseable {

  static RoundBuffers of(TrainingSettings settings, RoundState state) {
    if (settings.averaging() == Averaging.PARAMETERS) {
      Optional<FlatVector> mean = state.velocity().map(RoundBuffers::fresh);
      List<FlatVector> sent = state.exchanged(settings.moments());
      List<FlatVector> received = new ArrayList<>(sent);
      mean.ifPresent(vector -> received.set(0, vector));
      return new RoundBuffers(sent, Optional.empty(), Optional.empty(), mean, received);
    }
    FlatVector like = state.parameters();
    List<FlatVector> received = new ArrayList<>();
    Optional<FlatVector> forget =
        settings.direction().usesForget() ? Optional.of(fresh(like)) : Optional.empty();
    Optional<FlatVector> retain =
        settings.direction().usesRetain() ? Optional.of(fresh(like)) : Optional.empty();
    forget.ifPresent(received::add);
    retain.ifPresent(received::add);
    return new RoundBuffers(List.of(like), forget, retain, Optional.empty(), received);
  }

  private static FlatVector fresh(FlatVector like) {
    return like.math().zeros(like.length());
  }

  /** Frees gradients and mean. The state stays valid. */
  @Override
  public void close() {
    forget.ifPresent(FlatVector::close);
    retain.ifPresent(FlatVector::close);
    mean.ifPresent(FlatVector::close);
  }
}
