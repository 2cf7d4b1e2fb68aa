package org.lethe.reveal;

import java.util.List;
import java.util.Optional;

/** Draws arms in an order made of the seed. */
final class RandomSearch implements ArmSearch {
  @Override
  public Optional<Choice> next(List<Pull> pulls) {
    throw new UnsupportedOperationException("skeleton");
  }

  @Override
  public List<Integer> opening() {
    throw new UnsupportedOperationException("skeleton");
  }
}
