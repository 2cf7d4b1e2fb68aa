package org.lethe.reveal;

import java.util.List;
import java.util.Optional;

/** NeuralUCB, and greedy search by the same network. */
final class NetworkSearch implements ArmSearch {
  @Override
  public Optional<Choice> next(List<Pull> pulls) {
    throw new UnsupportedOperationException("skeleton");
  }

  @Override
  public List<Integer> opening() {
    throw new UnsupportedOperationException("skeleton");
  }
}
