package org.lethe.cluster.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    List<INDArray> sent,
    Optional<INDArray> forget,
    Optional<INDArray> retain,
    List<INDArray> received)
    implements AutoCloseable {

  static RoundBuffers of(TrainingSettings settings, RoundState state) {
    if (settings.averaging() == Averaging.PARAMETERS) {
      return new RoundBuffers(state.vectors(), Optional.empty(), Optional.empty(), state.vectors());
    }
    INDArray like = state.parameters();
    List<INDArray> received = new ArrayList<>();
    Optional<INDArray> forget =
        settings.direction().usesForget() ? Optional.of(fresh(like)) : Optional.empty();
    Optional<INDArray> retain =
        settings.direction().usesRetain() ? Optional.of(fresh(like)) : Optional.empty();
    forget.ifPresent(received::add);
    retain.ifPresent(received::add);
    return new RoundBuffers(List.of(like), forget, retain, received);
  }

  private static INDArray fresh(INDArray like) {
    return Nd4j.create(like.dataType(), like.length());
  }

  /** Frees the gradients; the state lives on. */
  @Override
  public void close() {
    forget.ifPresent(INDArray::close);
    retain.ifPresent(INDArray::close);
  }
}
